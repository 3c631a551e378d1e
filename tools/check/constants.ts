/** Numbers that the source fixes: literals, constants made of them, and what the language names, such as Math.PI. */
import ts from 'typescript';
import { globalNameOf, globalUse, memberOf, originOf } from './members.ts';
import type { Member } from './members.ts';
import { inner } from './syntax.ts';
import { symbolOf } from './types.ts';

const DEPTH_MAX = 20;

type Reckon = (a: number, b: number) => number;

const OPERATIONS: ReadonlyMap<ts.SyntaxKind, Reckon> = new Map<ts.SyntaxKind, Reckon>([
  [ts.SyntaxKind.PlusToken, (a, b) => a + b],
  [ts.SyntaxKind.MinusToken, (a, b) => a - b],
  [ts.SyntaxKind.AsteriskToken, (a, b) => a * b],
  [ts.SyntaxKind.SlashToken, (a, b) => a / b],
  [ts.SyntaxKind.PercentToken, (a, b) => a % b],
  [ts.SyntaxKind.AsteriskAsteriskToken, (a, b) => a ** b],
  [ts.SyntaxKind.AmpersandToken, (a, b) => a & b],
  [ts.SyntaxKind.BarToken, (a, b) => a | b],
  [ts.SyntaxKind.CaretToken, (a, b) => a ^ b],
  [ts.SyntaxKind.LessThanLessThanToken, (a, b) => a << b],
  [ts.SyntaxKind.GreaterThanGreaterThanToken, (a, b) => a >> b],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken, (a, b) => a >>> b],
]);

function property(of: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(of, name)?.value;
}

function ofLanguage(member: Member | undefined, checker: ts.TypeChecker): number | undefined {
  if (member?.owner === undefined) return undefined;
  const owner = globalNameOf(member.owner, checker);
  if (owner !== 'Math' && owner !== 'Number') return undefined;
  const value = property(owner === 'Math' ? Math : Number, member.name);
  return typeof value === 'number' ? value : undefined;
}

/** `Math.PI`, `Number.EPSILON`, `NaN`. */
function fromLanguage(node: ts.Expression, checker: ts.TypeChecker): number | undefined {
  const use = globalUse(node, checker);
  if (use?.name === 'NaN') return NaN;
  if (use?.name === 'Infinity') return Infinity;
  return ofLanguage(memberOf(node, checker), checker);
}

function fromCall(node: ts.CallExpression, checker: ts.TypeChecker, depth: number): number | undefined {
  const member = memberOf(originOf(node.expression, checker), checker);
  if (member?.owner === undefined || globalNameOf(member.owner, checker) !== 'Math') return undefined;
  const method = property(Math, member.name);
  const values = node.arguments.map((argument) => constantOf(argument, checker, depth));
  if (typeof method !== 'function' || member.name === 'random' || values.some((one) => one === undefined))
    return undefined;
  const value: unknown = Reflect.apply(method, Math, values);
  return typeof value === 'number' ? value : undefined;
}

function fromUnary(node: ts.PrefixUnaryExpression, checker: ts.TypeChecker, depth: number): number | undefined {
  const value = constantOf(node.operand, checker, depth);
  if (value === undefined) return undefined;
  if (node.operator === ts.SyntaxKind.MinusToken) return -value;
  if (node.operator === ts.SyntaxKind.PlusToken) return value;
  return node.operator === ts.SyntaxKind.TildeToken ? ~value : undefined;
}

/** What a constant or a readonly property is set to. */
function fromDeclaration(node: ts.Expression, checker: ts.TypeChecker, depth: number): number | undefined {
  const declaration = symbolOf(ts.isPropertyAccessExpression(node) ? node.name : node, checker)?.valueDeclaration;
  if (declaration === undefined) return undefined;
  const isConst = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  const isReadonly = (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Readonly) !== 0;
  if (ts.isBindingElement(declaration))
    return isConst ? ofLanguage(memberOf(declaration, checker), checker) : undefined;
  if (!ts.isVariableDeclaration(declaration) && !ts.isPropertyDeclaration(declaration)) return undefined;
  const isSet = ts.isVariableDeclaration(declaration) ? isConst : isReadonly;
  if (!isSet || declaration.initializer === undefined) return undefined;
  return constantOf(declaration.initializer, checker, depth + 1);
}

/** The number that the expression always is, as JavaScript reckons it; undefined where it depends on anything. */
export function constantOf(expression: ts.Expression, checker: ts.TypeChecker, depth = 0): number | undefined {
  if (depth > DEPTH_MAX) return undefined;
  const node = inner(expression);
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isPrefixUnaryExpression(node)) return fromUnary(node, checker, depth);
  if (ts.isBinaryExpression(node)) {
    const reckon = OPERATIONS.get(node.operatorToken.kind);
    const left = reckon === undefined ? undefined : constantOf(node.left, checker, depth);
    const right = left === undefined ? undefined : constantOf(node.right, checker, depth);
    return reckon === undefined || left === undefined || right === undefined ? undefined : reckon(left, right);
  }
  if (ts.isCallExpression(node)) return fromCall(node, checker, depth);
  const type = checker.getTypeAtLocation(node);
  if (type.isNumberLiteral()) return type.value;
  return fromLanguage(node, checker) ?? fromDeclaration(node, checker, depth);
}

/** `Object.freeze([..])` and `[..] as const` as the literal that they hold. */
function literalOf(expression: ts.Expression, checker: ts.TypeChecker): ts.Expression {
  const node = originOf(expression, checker);
  if (!ts.isCallExpression(node) || node.arguments.length !== 1) return node;
  return memberOf(node.expression, checker)?.name === 'freeze' ? literalOf(node.arguments[0], checker) : node;
}

/** What a property or an index of a literal holds; every element, where the index may be any. */
function partsOf(literal: ts.Expression, name: string | undefined): ts.Expression[] {
  if (ts.isArrayLiteralExpression(literal)) {
    const index = name === undefined ? NaN : Number(name);
    return [...literal.elements].filter((_, i) => Number.isNaN(index) || i === index);
  }
  if (!ts.isObjectLiteralExpression(literal)) return [];
  const own = literal.properties.filter((one) => ts.isPropertyAssignment(one));
  return own.filter((one) => name === undefined || one.name.getText() === name).map((one) => one.initializer);
}

/** What `const { half } = K` and `const [half] = LIST` take. */
function boundLiterals(node: ts.BindingElement, checker: ts.TypeChecker): ts.Expression[] {
  const { parent } = node;
  const value = ts.isVariableDeclaration(parent.parent) ? parent.parent.initializer : undefined;
  if (value === undefined || !(ts.getCombinedNodeFlags(node) & ts.NodeFlags.Const)) return [];
  const name = ts.isArrayBindingPattern(parent) ? String(parent.elements.indexOf(node)) : memberOf(node, checker)?.name;
  return name === undefined ? [] : literalsAt(value, checker).flatMap((one) => partsOf(one, name));
}

/** The literals that an expression may be: the one that a constant holds, or a part of it. */
function literalsAt(expression: ts.Expression, checker: ts.TypeChecker): ts.Expression[] {
  const node = literalOf(expression, checker);
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    const name = memberOf(node, checker)?.name;
    const owners = literalsAt(node.expression, checker);
    return owners.flatMap((one) => partsOf(one, name)).map((one) => literalOf(one, checker));
  }
  const declaration = ts.isIdentifier(node) ? symbolOf(node, checker)?.valueDeclaration : undefined;
  if (declaration === undefined || !ts.isBindingElement(declaration)) return [node];
  return boundLiterals(declaration, checker).map((one) => literalOf(one, checker));
}

/** All the numbers that the source shows the expression may be; empty where it shows none. */
export function numbersOf(node: ts.Expression, checker: ts.TypeChecker): readonly number[] {
  const type = checker.getTypeAtLocation(node);
  const literals = type.isUnion() ? type.types.filter((part) => part.isNumberLiteral()) : [];
  if (literals.length > 0) return literals.map(({ value }) => value);
  const constant = constantOf(node, checker);
  if (constant !== undefined) return [constant];
  const values = literalsAt(node, checker).map((one) => (one === node ? undefined : constantOf(one, checker)));
  return values.filter((one) => one !== undefined);
}
