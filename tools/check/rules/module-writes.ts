/** LVS011 at the writes: properties of functions, classes, imports and the global object, and constants behind a cast. */
import ts from 'typescript';
import { quoted } from '../diagnostic.ts';
import { isImmutable } from '../immutable.ts';
import { isCounting } from '../loops/places.ts';
import { memberOf } from '../members.ts';
import { inner, isAssignment, isFunctionNode } from '../syntax.ts';
import { isAmbient, isArray, symbolOf, usedType } from '../types.ts';
import type { Rule, Spot } from './rule.ts';

const CODE = 'LVS011';
const INSTEAD = 'Put it into a record that the function which makes the node creates and hands on';

const CHANGES: ReadonlySet<string> = new Set([
  'push',
  'pop',
  'shift',
  'unshift',
  'splice',
  'sort',
  'reverse',
  'fill',
  'copyWithin',
]);

/** What the property that is written belongs to in the end: `table` of `table.rows[0]`. */
function rootOf(target: ts.Expression): ts.Expression | undefined {
  let at = inner(target);
  if (!ts.isPropertyAccessExpression(at) && !ts.isElementAccessExpression(at)) return undefined;
  while (ts.isPropertyAccessExpression(at) || ts.isElementAccessExpression(at)) at = inner(at.expression);
  return at;
}

/** A variable whose type lets it change, and a static property, have a fault where they are declared. */
function isReportedThere(declaration: ts.Declaration, checker: ts.TypeChecker): boolean {
  if (!ts.isVariableDeclaration(declaration)) return false;
  if (!(ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const)) return true;
  return !isImmutable(checker.getTypeAtLocation(declaration.name), checker);
}

function isStaticProperty(target: ts.Expression, checker: ts.TypeChecker): boolean {
  if (!ts.isPropertyAccessExpression(target)) return false;
  const declaration = symbolOf(target.name, checker)?.valueDeclaration;
  return declaration !== undefined && ts.isPropertyDeclaration(declaration);
}

/** True for a name that stands at the top of a module, or is the engine's. */
function belongsToModule(root: ts.Expression, { checker, zone }: Spot): boolean {
  if (!ts.isIdentifier(root)) return false;
  const declarations = symbolOf(root, checker)?.declarations ?? [];
  // The device may set what its platform asks for, such as globalThis.abort.
  if (declarations.every(isAmbient))
    return zone !== 'device' && (declarations.length > 0 || root.text === 'globalThis');
  return declarations.every((one) => {
    if (ts.findAncestor(one.parent, isFunctionNode) !== undefined || isReportedThere(one, checker)) return false;
    return !ts.isParameter(one) && !isAmbient(one);
  });
}

function checkTarget(target: ts.Expression, node: ts.Node, spot: Spot): void {
  const root = rootOf(target);
  if (root === undefined || isStaticProperty(target, spot.checker) || !belongsToModule(root, spot)) return;
  spot.report(node, CODE, `${quoted(target)} belongs to the module, shared by all that import it`, INSTEAD);
}

/** `LIST.push(..)` behind a cast, and `Object.assign(LIST, ..)`. */
function checkCall(node: ts.CallExpression, spot: Spot): void {
  const member = memberOf(inner(node.expression), spot.checker);
  if (member?.owner === undefined) return;
  const given = node.arguments.at(0);
  const isAssign = member.name === 'assign' && given !== undefined && inner(member.owner).getText() === 'Object';
  const changed = isAssign ? given : changedBy(member.name, member.owner, spot);
  if (changed === undefined || !belongsToModule(rootOf(changed) ?? inner(changed), spot)) return;
  spot.report(member.at, CODE, `\`${member.name}\` changes what belongs to the module`, INSTEAD);
}

function changedBy(name: string, owner: ts.Expression, { checker }: Spot): ts.Expression | undefined {
  if (!CHANGES.has(name) || !isArray(usedType(owner, checker), checker)) return undefined;
  return ts.isIdentifier(owner) || rootOf(owner) !== undefined || inner(owner) !== owner ? owner : undefined;
}

export const moduleWrites: Rule = (node, spot) => {
  if (isAssignment(node)) checkTarget(inner(node.left), node, spot);
  else if (isCounting(node)) checkTarget(inner(node.operand), node, spot);
  else if (ts.isCallExpression(node)) checkCall(node, spot);
};
