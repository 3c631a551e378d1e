/**
 * The functions of one TypeScript source, by place and by name. Places come from a source map; which function they are
 * in comes from the source itself, for a bundle renames functions and XS has no name for many.
 */
import { createRequire } from 'node:module';
import type TypeScript from 'typescript';

export interface FunctionPlace {
  /** With its class: `Device.#wake`. */
  name: string;
  /** Its own, as a stack has it. */
  bare: string;
  /** From 1, where it begins and ends. */
  line: number;
  column: number;
  end_line: number;
}

/** Loading the compiler takes a quarter of a second, and most days there is no stack. */
function loadTypeScript(): typeof TypeScript {
  return createRequire(import.meta.url)('typescript') as typeof TypeScript;
}

export class Functions {
  readonly #text: string;
  #places: FunctionPlace[] | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  /**
   * The function around a place. The engine's name for it decides where several are: a callback on the line of its call
   * begins behind the statement that XS tells of.
   * @param bare '' for a function without a name
   */
  around(line: number, column: number, bare: string): FunctionPlace | undefined {
    const near = this.#all().filter((place) => place.line <= line && line <= place.end_line);
    const starts = ({ line: from, column: at }: FunctionPlace): boolean => from < line || at <= column;
    return near.findLast((place) => place.bare === bare) ?? near.findLast(starts);
  }

  named(bare: string): FunctionPlace[] {
    return this.#all().filter((place) => place.bare === bare);
  }

  /** In the order in which they begin, so that the last one around a place is the innermost. */
  #all(): FunctionPlace[] {
    this.#places ??= functionsOf(this.#text);
    return this.#places;
  }
}

function functionsOf(text: string): FunctionPlace[] {
  const ts = loadTypeScript();
  const file = ts.createSourceFile('source.ts', text, ts.ScriptTarget.ES2022, true);
  const places: FunctionPlace[] = [];
  const visit = (node: TypeScript.Node, owner: string): void => {
    let inside = owner;
    if (ts.isClassLike(node)) inside = node.name?.text ?? owner;
    else if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const bare = bareName(ts, node);
      const name =
        bare === '' ? `a function in ${owner === '' ? 'the module' : owner}` : qualified(ts, node, bare, owner);
      const from = file.getLineAndCharacterOfPosition(node.getStart(file));
      const to = file.getLineAndCharacterOfPosition(node.getEnd());
      places.push({ name, bare, line: from.line + 1, column: from.character + 1, end_line: to.line + 1 });
      inside = name;
    }
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(file, '');
  return places;
}

/** A method belongs to its class; other functions stand for themselves. */
function qualified(ts: typeof TypeScript, node: TypeScript.Node, bare: string, owner: string): string {
  return ts.isClassLike(node.parent) && owner !== '' ? `${owner}.${bare}` : bare;
}

/** Its own name, or that of what it is given to, which is what an engine calls it too. */
function bareName(ts: typeof TypeScript, node: TypeScript.SignatureDeclaration): string {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (node.name !== undefined) return node.name.getText();
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent))
    return parent.name.getText();
  return '';
}
