/** A YAML file with the position of each of its values. */
import { readFileSync } from 'node:fs';
import { isCollection, isMap, isNode, isScalar, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { errorCode, systemReason } from '../../tools/cli/errors.ts';
import { pathName, type Path } from '../../tools/cli/json-path.ts';
import type { Fault, Problem } from './fault.ts';

export interface YamlFile {
  /** Undefined where the text is no YAML, or empty. */
  value: unknown;
  /** What is wrong with the text itself. */
  faults: Fault[];
  /** The fault of a problem, with its place in the file. */
  locate: (problem: Problem) => Fault;
}

/** What one configuration may weigh; beyond it somebody named another file. */
const SIZE_MAX_BYTES = 1 << 20;

/** Where the parser speaks to programmers. */
const FAULT_WORDS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this name stands twice in its section; one of them would be ignored',
  MULTIPLE_DOCS: 'a line of --- begins a second document; a configuration is one',
};

/** The name's node inside a map; undefined where it is not there. */
function nameNode(map: unknown, name: string | number): Node | undefined {
  if (!isMap(map)) return undefined;
  for (const { key } of map.items) if (isScalar(key) && String(key.value) === String(name)) return key;
  return undefined;
}

/** The node at the path, or of the nearest thing around it that is there. */
function nodeAt(document: Document, path: Path, atName: boolean): Node | undefined {
  let node: unknown = document.contents;
  let best: Node | undefined = isNode(node) ? node : undefined;
  for (let i = 0; i < path.length; i++) {
    if (!isCollection(node)) return best;
    const last = i === path.length - 1;
    const name = nameNode(node, path[i]);
    const next: unknown = node.get(path[i], true);
    if (name === undefined && !isNode(next)) return best;
    best = isNode(next) && !(last && atName) ? next : (name ?? best);
    node = next;
  }
  return best;
}

export function readYaml(path: string, shown: string): YamlFile {
  const at = (line: number, column: number, place: string, says: string): Fault => {
    return { file: shown, line, column, place, says };
  };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const hint = errorCode(error) === 'ENOENT' ? '; make one with "npm run gateway -- init"' : '';
    const fault = at(1, 1, '', `cannot be read: ${systemReason(error)}${hint}`);
    return { value: undefined, faults: [fault], locate: () => fault };
  }
  if (text.length > SIZE_MAX_BYTES) {
    const fault = at(1, 1, '', `has ${text.length} characters; a configuration has at most ${SIZE_MAX_BYTES}`);
    return { value: undefined, faults: [fault], locate: () => fault };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const position = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const faults = [...document.errors, ...document.warnings].map(({ pos, code, message }) => {
    const { line, column } = position(pos[0]);
    return at(line, column, '', `this is no YAML: ${FAULT_WORDS[code] ?? message.replace(/\.$/, '')}`);
  });
  const locate = ({ path: steps, says, at: which }: Problem): Fault => {
    const offset = nodeAt(document, steps, which === 'name')?.range?.[0] ?? 0;
    const { line, column } = position(offset);
    return at(line, column, pathName(steps), says);
  };
  if (faults.length > 0) return { value: undefined, faults, locate };
  return { ...valueOf(document, at), locate };
}

/** An alias can name what is not there, or multiply without end. */
function valueOf(
  document: Document,
  at: (l: number, c: number, place: string, says: string) => Fault,
): Omit<YamlFile, 'locate'> {
  try {
    const value: unknown = document.toJS();
    if (value !== null && value !== undefined) return { value, faults: [] };
    return { value: undefined, faults: [at(1, 1, '', 'is empty; "npm run gateway -- init" writes one to begin with')] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { value: undefined, faults: [at(1, 1, '', `this is no YAML: ${why}`)] };
  }
}
