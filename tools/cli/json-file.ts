/** A JSON file that still knows on which line each of its values stands. */
import { readFileSync } from 'node:fs';
import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import { systemReason, UsageError } from './errors.ts';
import type { Path } from './json-path.ts';

export interface JsonSource {
  /** As the user would name it. */
  file: string;
  value: unknown;
  /** The line of the value at this path, or of what is nearest above it. */
  line(path: Path): number;
}

/** `settings` are written by hand: comments, and a comma at the end of a list, are welcome there. */
export type JsonKind = 'strict' | 'settings';

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** The property around a value, so that the line is the one with its name; of what is missing, what it is missing in. */
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

/**
 * @param file the name for messages
 * @throws UsageError `file:line: this is not JSON: reason`
 */
export function parseJson(file: string, text: string, kind: JsonKind): JsonSource {
  const errors: ParseError[] = [];
  const isSettings = kind === 'settings';
  const root = parseTree(text, errors, { disallowComments: !isSettings, allowTrailingComma: isSettings });
  if (errors.length > 0 || root === undefined) {
    const line = errors.length > 0 ? lineAt(text, errors[0].offset) : 1;
    const reason = errors.length > 0 ? words(errors[0].error) : 'it is empty';
    throw new UsageError(`${file}:${line}: this is not JSON: ${reason}`);
  }
  const value: unknown = getNodeValue(root);
  return { file, value, line: (path) => lineAt(text, nodeOf(root, path).offset) };
}

/**
 * @param name what messages call the file
 * @throws UsageError
 */
export function readJson(file: string, name: string, kind: JsonKind): JsonSource {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${name}: cannot be read: ${systemReason(error)}`);
  }
  return parseJson(name, text, kind);
}
