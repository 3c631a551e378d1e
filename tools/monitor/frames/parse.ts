/**
 * A frame of a stack as XS prints it (xs/sources/xsError.c, fx_Error_prototype_get_stack): ` at NAME (PATH:LINE)`, without
 * a column; ` at (PATH:LINE)` for a function without a name; ` at NAME ()` in a release build, which knows no lines.
 */

export interface XsFrame {
  /** As the bundle has it, '' for none. */
  name: string;
  /** '' in a release build. */
  path: string;
  /** From 1; 0 in a release build. */
  line: number;
  /** From 1; 0 where there is none, which is what XS gives. */
  column: number;
}

const FRAME = /^\s*at (?:(.*?) ?)?\((?:(.+?):(\d+)(?::(\d+))?)?\)\s*$/;

export function parseFrame(text: string): XsFrame | null {
  const match = FRAME.exec(text);
  if (match === null) return null;
  const [name, path, line, column] = match.slice(1) as (string | undefined)[];
  return { name: name ?? '', path: path ?? '', line: Number(line ?? 0), column: Number(column ?? 0) };
}

/** A place of a bundle anywhere in a line: `/home/x/build/firmware/device/node.mjs:1021: exception: ...!` */
export const BUNDLE_PLACE = /(?:file:\/\/)?[^\s()"']*?([\w-]+\.mjs):(\d+)(?::(\d+))?/g;
