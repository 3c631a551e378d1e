/**
 * A settings file: JSON, with comments and trailing commas if one likes. Not YAML: there a password of `0123`, `no` or
 * `1e5` turns into another value, and the scenarios and boards of this project are JSON as well. It still knows on which
 * line each value stands.
 */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import { systemReason, UsageError } from '../../cli/errors.ts';
import type { Path } from './schema.ts';

export interface SettingsFile {
  /** As the user would name it. */
  name: string;
  mode: number;
  value: unknown;
  /** The line of the value at this path, or of what is nearest above it. */
  line: (path: Path) => number;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function nodeOf(root: Node, path: Path): Node {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node !== undefined) return node.parent?.type === 'property' ? node.parent : node;
  }
  return root;
}

/** `InvalidSymbol` as `invalid symbol`. */
function words(code: ParseError['error']): string {
  return printParseErrorCode(code)
    .replace(/(?<!^)[A-Z]/g, (letter) => ` ${letter}`)
    .toLowerCase();
}

export function parseSettings(name: string, text: string, mode: number): SettingsFile {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: false, allowTrailingComma: true });
  if (errors.length > 0 || root === undefined) {
    const place = errors.length > 0 ? lineAt(text, errors[0].offset) : 1;
    const reason = errors.length > 0 ? words(errors[0].error) : 'it is empty';
    const yaml = /\.ya?ml$/i.test(name)
      ? ' Settings files are JSON here, because YAML changes values such as no and 0123.'
      : '';
    throw new UsageError(`${name}:${place}: this is not JSON: ${reason}.${yaml}`.replace(/\.$/, ''));
  }
  const value: unknown = getNodeValue(root);
  return { name, mode, value, line: (path) => lineAt(text, nodeOf(root, path).offset) };
}

export function readSettings(path: string, name: string): SettingsFile {
  try {
    const file = openSync(path, 'r');
    try {
      const { mode } = fstatSync(file);
      return parseSettings(name, readFileSync(file, 'utf8'), mode);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${name}: cannot be read: ${systemReason(error)}`);
  }
}
