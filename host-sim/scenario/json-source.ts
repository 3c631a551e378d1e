/** A JSON file that still knows on which line each of its values stands. */
import { readFileSync } from 'node:fs';
import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import { systemReason, UsageError } from '../../tools/cli/errors.ts';
import type { Path } from './path.ts';

export interface JsonSource {
  /** As the user would name it. */
  file: string;
  value: unknown;
  /** The line of the value at this path, or of what is nearest above it. */
  line(path: Path): number;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** The property around a value, so that the line is the one with its name. */
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

export function parseJson(file: string, text: string): JsonSource {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  if (errors.length > 0 || root === undefined) {
    const [first] = errors;
    const place = errors.length > 0 ? lineAt(text, first.offset) : 1;
    const reason = errors.length > 0 ? words(first.error) : 'it is empty';
    throw new UsageError(`${file}:${place}: this is not JSON: ${reason}`);
  }
  const value: unknown = getNodeValue(root);
  return { file, value, line: (path) => lineAt(text, nodeOf(root, path).offset) };
}

export function readJson(file: string, name: string = file): JsonSource {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${name}: cannot be read: ${systemReason(error)}`);
  }
  return parseJson(name, text);
}
