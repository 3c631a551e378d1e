/** LVS001: `any`, written down or taken over from something that gives it. */
import ts from 'typescript';
import { nameOf } from '../cycle/targets.ts';
import { quoted } from '../diagnostic.ts';
import { globalUse } from '../members.ts';
import { isAssignment, isFunctionNode } from '../syntax.ts';
import type { FunctionNode } from '../syntax.ts';
import { builtInName, isAny } from '../types.ts';
import type { Rule, Spot } from './rule.ts';

const CODE = 'LVS001';
const INSTEAD = 'Give it its type; `unknown` and a check where the type is not known before';

const HOLDERS: ReadonlySet<string> = new Set(['Promise', 'Map', 'Set', 'ReadonlyMap', 'ReadonlySet']);

type Declared = ts.VariableDeclaration | ts.ParameterDeclaration | ts.BindingElement | ts.PropertyDeclaration;

function declares(node: ts.Node): node is Declared {
  return (
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isPropertyDeclaration(node)
  );
}

/** A written type is looked at where it is written. */
function hasWrittenType(node: Declared): boolean {
  return !ts.isBindingElement(node) && node.type !== undefined;
}

/** `any` itself, or something of it: an array, a promise, a Map. */
function holdsAny(type: ts.Type, checker: ts.TypeChecker): boolean {
  if (isAny(type)) return true;
  if (!checker.isArrayType(type) && !checker.isTupleType(type) && !HOLDERS.has(builtInName(type))) return false;
  return checker.getTypeArguments(type as ts.TypeReference).some((part) => isAny(part));
}

function checkDeclared(node: Declared, { checker, report }: Spot): void {
  if (hasWrittenType(node) || !ts.isIdentifier(node.name)) return;
  const type = checker.getTypeAtLocation(node.name);
  if (!holdsAny(type, checker)) return;
  const what = `\`${node.name.text}\` has the type \`${checker.typeToString(type)}\`, taken over from what it is set to`;
  report(node.name, CODE, what, INSTEAD);
}

function checkReturned(node: FunctionNode, { checker, report }: Spot): void {
  if (node.type !== undefined || ts.isAccessor(node) || ts.isConstructorDeclaration(node)) return;
  // What is handed on as an argument has its type from there.
  if (checker.getContextualType(node as ts.Expression) !== undefined) return;
  const signature = checker.getSignatureFromDeclaration(node);
  const type = signature === undefined ? undefined : checker.getReturnTypeOfSignature(signature);
  if (type === undefined || !holdsAny(type, checker)) return;
  const at = 'name' in node && node.name !== undefined ? node.name : { start: node.getStart(), end: node.body.pos };
  const what = `\`${nameOf(node)}\` returns \`${checker.typeToString(type)}\`, taken over from what it calls`;
  report(at, CODE, what, 'Write the type that it returns');
}

/** True where nothing is asked of the value but to be handed on, or to be looked at as a whole. */
function isOnlyHandedOn({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return (
    kind === ts.SyntaxKind.EqualsToken ||
    kind === ts.SyntaxKind.CommaToken ||
    kind === ts.SyntaxKind.EqualsEqualsEqualsToken ||
    kind === ts.SyntaxKind.ExclamationEqualsEqualsToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken ||
    kind === ts.SyntaxKind.InstanceOfKeyword
  );
}

/** True where something is done with a value that nobody knows: a property, a call, arithmetic. */
function isUsed(node: ts.Expression): boolean {
  // An assertion says the type.
  if (ts.isAsExpression(node.parent) || ts.isSatisfiesExpression(node.parent)) return false;
  if (ts.isParenthesizedExpression(node.parent) || ts.isNonNullExpression(node.parent)) return isUsed(node.parent);
  const around = node.parent;
  if (ts.isPropertyAccessExpression(around) || ts.isElementAccessExpression(around)) return true;
  if (ts.isCallExpression(around) || ts.isNewExpression(around)) return around.expression === node;
  if (ts.isBinaryExpression(around)) return !isOnlyHandedOn(around);
  if (ts.isForOfStatement(around) || ts.isSpreadElement(around) || ts.isTemplateSpan(around)) return true;
  if (ts.isPrefixUnaryExpression(around)) return around.operator !== ts.SyntaxKind.ExclamationToken;
  return ts.isPostfixUnaryExpression(around);
}

/** A call or a read that gives `any`; what is made of an `any` is no fault of its own. */
function givesAny(node: ts.Node, checker: ts.TypeChecker): node is ts.Expression {
  if (ts.isCallExpression(node)) return isAny(checker.getTypeAtLocation(node)) && !comesFromAny(node, checker);
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return false;
  // What the compiler does not know of the global object has a code of its own.
  if (globalUse(node, checker) !== undefined) return false;
  return isAny(checker.getTypeAtLocation(node)) && !comesFromAny(node, checker);
}

function comesFromAny(node: ts.AccessExpression | ts.CallExpression, checker: ts.TypeChecker): boolean {
  return isAny(checker.getTypeAtLocation(node.expression));
}

/** A property that nothing says the type of. */
function isSetToAny(node: ts.Expression, checker: ts.TypeChecker): boolean {
  const { parent } = node;
  if (!ts.isPropertyAssignment(parent) || parent.initializer !== node) return false;
  if (isAssignment(parent.parent.parent) && parent.parent.parent.left === parent.parent) return false;
  return checker.getContextualType(node) === undefined;
}

export const anyType: Rule = (node, spot) => {
  const { checker, report } = spot;
  if (node.kind === ts.SyntaxKind.AnyKeyword) {
    report(node, CODE, '`any` switches the checks off for whatever it touches', INSTEAD);
  } else if (declares(node)) {
    checkDeclared(node, spot);
  } else if (isFunctionNode(node)) {
    checkReturned(node, spot);
  } else if (givesAny(node, checker)) {
    if (isSetToAny(node, checker)) {
      const name = quoted((node.parent as ts.PropertyAssignment).name);
      report(node, CODE, `${name} has the type \`any\`, taken over from what it is set to`, INSTEAD);
    } else if (isUsed(node)) {
      report(node, CODE, `${quoted(node)} is \`any\`, and nobody knows what is done with it`, INSTEAD);
    }
  }
};
