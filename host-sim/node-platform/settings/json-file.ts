/** A settings file: JSON in which comments and a comma at the end of a list are welcome, with the line of each value. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import { systemReason, UsageError } from '../../../tools/cli/errors.ts';
import type { JsonSource } from '../../scenario/json-source.ts';
import type { Path } from '../../scenario/path.ts';

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** The property around a value, so that the line is the one with its name; of what is missing, what it is missing in. */
function offsetOf(root: Node, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node !== undefined) return node.parent?.type === 'property' ? node.parent.offset : node.offset;
  }
  return root.offset;
}

function reasonOf({ error }: ParseError): string {
  return printParseErrorCode(error)
    .replace(/(?<!^)[A-Z]/g, (letter) => ` ${letter}`)
    .toLowerCase();
}

/** @throws UsageError */
export function readJsonFile(flag: string, file: string, cwd: string): JsonSource {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, file), 'utf8');
  } catch (error) {
    throw new UsageError(`${flag} ${file}: cannot be read: ${systemReason(error)}`);
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const wrong = errors.at(0);
  if (wrong !== undefined)
    throw new UsageError(`${file}:${lineAt(text, wrong.offset)}: this is no JSON: ${reasonOf(wrong)}`);
  if (root === undefined) throw new UsageError(`${file}: is empty; it must be JSON`);
  const value: unknown = getNodeValue(root);
  return { file, value, line: (path) => lineAt(text, offsetOf(root, path)) };
}
