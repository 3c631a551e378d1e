/** LVS002 to LVS006: parts of the language that the whole firmware does without. */
import ts from 'typescript';
import { quoted } from '../diagnostic.ts';
import { globalUse, memberOf } from '../members.ts';
import { inner, outer } from '../syntax.ts';
import { isAmbient, isIndexed, isString, usedType } from '../types.ts';
import type { Rule, Spot } from './rule.ts';

/** Globals that run source text; XS alone has the last two. */
const EVALUATORS: ReadonlySet<string> = new Set(['eval', 'Function', 'Compartment', 'ShadowRealm']);

/** `x.constructor` where nothing is done with it but to compare it, ask for its name or go on to its own constructor. */
function isOnlyCompared(node: ts.Node): boolean {
  const around = outer(node);
  if (ts.isPropertyAccessExpression(around)) return around.name.text === 'name' || around.name.text === 'constructor';
  if (!ts.isBinaryExpression(around)) return false;
  const { kind } = around.operatorToken;
  return kind === ts.SyntaxKind.EqualsEqualsEqualsToken || kind === ts.SyntaxKind.ExclamationEqualsEqualsToken;
}

/** Every object leads to a constructor, and the constructor of that one is Function. */
function isConstructor(node: ts.Node, { checker }: Spot): boolean {
  const member = memberOf(node, checker);
  if (member?.name !== 'constructor' || isOnlyCompared(node)) return false;
  const property = usedType(member.holder, checker).getProperty('constructor');
  return property === undefined || (property.declarations ?? []).every(isAmbient);
}

export const evaluation: Rule = (node, spot) => {
  const use = globalUse(node, spot.checker);
  const what = 'compiles source text at run time, and the device has no compiler: `strip` leaves it out';
  if (use !== undefined && EVALUATORS.has(use.name)) {
    spot.report(use.at, 'LVS002', `\`${use.name}\` ${what}`, 'Write the code down');
  } else if (isConstructor(node, spot)) {
    const at = memberOf(node, spot.checker)?.at ?? node;
    spot.report(at, 'LVS002', `\`constructor\` of a function ${what}`, 'Name the class or the function that is meant');
  }
};

export const withStatement: Rule = (node, { report }) => {
  if (!ts.isWithStatement(node)) return;
  report(
    { start: node.getStart(), end: node.statement.getStart() },
    'LVS003',
    '`with` makes every name in it a search at run time, and modules refuse it',
    'Name the object before each property',
  );
};

const NAMES_INSTEAD =
  'Write the property out as `o.name`, or keep what is looked up in an array or typed array by index';

function isConstantName(node: ts.Expression): boolean {
  return ts.isStringLiteralLike(node) || ts.isNumericLiteral(node) || ts.isPrivateIdentifier(node);
}

/** Arrays, typed arrays and tuples are read by index as they should be. */
export const dynamicName: Rule = (node, { checker, report }) => {
  if (ts.isElementAccessExpression(node)) {
    if (isConstantName(inner(node.argumentExpression))) return;
    const type = usedType(node.expression, checker);
    if (isIndexed(type, checker) || isString(type) || type.flags & ts.TypeFlags.Any) return;
    const what = `${quoted(node)} makes a property name of an object at run time`;
    report(node.argumentExpression, 'LVS004', `${what}: XS looks it up among all names that there are`, NAMES_INSTEAD);
  } else if (ts.isComputedPropertyName(node) && !isConstantName(inner(node.expression))) {
    report(node, 'LVS004', `${quoted(node)} makes the property's name at run time`, NAMES_INSTEAD);
  } else if (ts.isForInStatement(node)) {
    const header = { start: node.getStart(), end: node.statement.getStart() };
    report(header, 'LVS004', '`for ... in` goes over the names of an object', NAMES_INSTEAD);
  } else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InKeyword) {
    if (isConstantName(node.left)) return;
    report(node, 'LVS004', '`in` looks a name up that is made at run time', NAMES_INSTEAD);
  }
};

export const deletion: Rule = (node, { report }) => {
  if (!ts.isDeleteExpression(node)) return;
  report(
    node,
    'LVS005',
    '`delete` changes the shape of an object, and fails on a preloaded one, which is frozen in flash',
    'Set the property to null, to 0 or to NONE',
  );
};

export const accessors: Rule = (node, { report }) => {
  const automatic = ts.isPropertyDeclaration(node) && ts.isAutoAccessorPropertyDeclaration(node);
  if (!ts.isAccessor(node) && !automatic) return;
  report(
    node.name,
    'LVS006',
    `${quoted(node.name)} is a call that looks like a property, at three times the price of one`,
    'Make it a property that is kept up to date, or a function whose name says that it reckons',
  );
};
