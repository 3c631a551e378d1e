/** LVS011: state that belongs to a module. Two nodes in one process would share it, and preloaded it is frozen in flash. */
import ts from 'typescript';
import { quoted } from '../diagnostic.ts';
import { isImmutable } from '../immutable.ts';
import { memberOf } from '../members.ts';
import { inner, isFunctionNode, outer } from '../syntax.ts';
import type { FunctionNode } from '../syntax.ts';
import { builtInName, isAmbient } from '../types.ts';
import type { Rule, Spot } from './rule.ts';

const CODE = 'LVS011';
const MOVE = 'Put it into a record that the function which makes the node creates and hands on';
const FREEZE =
  'Give it a `readonly` type (`readonly number[]`, `as const`) if it never changes, or hand it on in a record';
const PLAIN = 'Declare the function at the top of the module, and hand it what it keeps in a record';

type Named = ts.VariableDeclaration | ts.BindingElement;

/** The function around the node that runs at another time than the module; one that is called where it stands does not. */
function laterAround(node: ts.Node): FunctionNode | undefined {
  let at = node.parent;
  for (; !ts.isSourceFile(at); at = at.parent) {
    if (isFunctionNode(at) && !isCalledAtOnce(at)) return at;
  }
  return undefined;
}

function isCalledAtOnce(node: FunctionNode): boolean {
  const call = outer(node);
  return ts.isCallExpression(call) && inner(call.expression) === node;
}

/** `for (let i = 0; ...)` is gone when the loop ends. */
function isLoopCounter(list: ts.VariableDeclarationList): boolean {
  return ts.isIterationStatement(list.parent, false) && (list.flags & ts.NodeFlags.BlockScoped) !== 0;
}

/** In a function that is called at once only what a function made there keeps outlives the call. */
function outlives(declaration: Named, { checker }: Spot): boolean {
  const called = ts.findAncestor(declaration, isFunctionNode);
  if (called === undefined) return true;
  const symbol = checker.getSymbolAtLocation(declaration.name);
  const isKept = (node: ts.Node, inside: boolean): boolean => {
    if (inside && ts.isIdentifier(node) && symbol !== undefined && checker.getSymbolAtLocation(node) === symbol)
      return true;
    return ts.forEachChild(node, (child) => isKept(child, inside || isFunctionNode(child))) ?? false;
  };
  return isKept(called.body, false);
}

/** Each name that a declaration declares, alone or in a pattern. */
function namedIn(declaration: ts.VariableDeclaration | ts.BindingElement): Named[] {
  if (ts.isIdentifier(declaration.name)) return [declaration];
  return declaration.name.elements.flatMap((one) => (ts.isBindingElement(one) ? namedIn(one) : []));
}

function checkVariables(list: ts.VariableDeclarationList, spot: Spot): void {
  const { checker, report } = spot;
  const isConst = (list.flags & ts.NodeFlags.Const) !== 0;
  const inCall = ts.findAncestor(list, isFunctionNode) !== undefined;
  for (const declaration of list.declarations.flatMap(namedIn)) {
    const name = declaration.name.getText();
    if (isAmbient(declaration) || !outlives(declaration, spot)) continue;
    if (!isConst) {
      const what = inCall ? 'outlives the call in a function made there, and belongs to' : 'is a variable of';
      report(declaration.name, CODE, `\`${name}\` ${what} the module, shared by all that import it`, MOVE);
    } else if (!isImmutable(checker.getTypeAtLocation(declaration.name), checker)) {
      const what = inCall ? 'outlives the call, can be changed,' : 'can be changed,';
      report(declaration.name, CODE, `What \`${name}\` holds ${what} and belongs to the module`, FREEZE);
    }
  }
}

function checkStatic(node: ts.PropertyDeclaration, { checker, report }: Spot): void {
  const flags = ts.getCombinedModifierFlags(node);
  if ((flags & ts.ModifierFlags.Static) === 0) return;
  const fixed = (flags & ts.ModifierFlags.Readonly) !== 0 && isImmutable(checker.getTypeAtLocation(node.name), checker);
  if (!fixed) report(node.name, CODE, `The static ${quoted(node.name)} is a variable of the module`, MOVE);
}

function isFunctionType(type: ts.Type): boolean {
  return type.getCallSignatures().length > 0;
}

/** A function, or a record of some. */
function givesFunctions(type: ts.Type, checker: ts.TypeChecker): boolean {
  if (isFunctionType(type)) return true;
  if (!(type.flags & ts.TypeFlags.Object) || builtInName(type) !== '' || checker.isArrayLikeType(type)) return false;
  return type.getProperties().some((property) => isFunctionType(checker.getTypeOfSymbol(property)));
}

/** A function that a call made keeps what it closes over. */
function checkCall(node: ts.CallExpression, { checker, report }: Spot): void {
  const declaration: ts.Declaration | undefined = checker.getResolvedSignature(node)?.declaration;
  if (declaration === undefined || isAmbient(declaration)) return;
  if (!givesFunctions(checker.getTypeAtLocation(node), checker)) return;
  const holder = outer(node);
  const isHeld = ts.isVariableDeclaration(holder);
  // What can be changed by its type has been reported.
  if (isHeld && !isImmutable(checker.getTypeAtLocation(holder.name), checker)) return;
  const at = isHeld ? holder.name : node;
  const subject = isHeld ? `What \`${holder.name.getText()}\` holds` : quoted(node);
  report(at, CODE, `${subject} comes from a call, and a function that is made there keeps variables`, PLAIN);
}

export const moduleState: Rule = (node, spot) => {
  if (ts.isPropertyDeclaration(node)) {
    checkStatic(node, spot);
  } else if (ts.isVariableDeclarationList(node)) {
    if (laterAround(node) === undefined && !isLoopCounter(node)) checkVariables(node, spot);
  } else if (ts.isCallExpression(node)) {
    if (laterAround(node) === undefined) checkCall(node, spot);
  } else if (ts.isExportAssignment(node) && node.isExportEquals !== true) {
    if (isImmutable(spot.checker.getTypeAtLocation(node.expression), spot.checker)) return;
    spot.report(node.expression, CODE, 'What this exports can be changed, and belongs to the module', FREEZE);
  }
};

const DEFINERS: ReadonlySet<string> = new Set([
  'defineProperty',
  'defineProperties',
  '__defineGetter__',
  '__defineSetter__',
]);

/** LVS006 and LVS028 by other means: properties defined at run time, and a module that waits. */
export const hiddenCalls: Rule = (node, { checker, report }) => {
  const member = memberOf(node, checker);
  if (member === undefined || !DEFINERS.has(member.name)) return;
  const what = `\`${member.name}\` makes a property that is a call, or hides that it cannot be written`;
  report(member.at, 'LVS006', what, 'Write the property into the literal or the class');
};

export const moduleAwait: Rule = (node, { report }) => {
  const waits = ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);
  if (!waits || ts.findAncestor(node, isFunctionNode) !== undefined) return;
  const at = ts.isForOfStatement(node) ? { start: node.getStart(), end: node.statement.getStart() } : node;
  const what = '`await` outside a function holds up all that import the module, and it cannot be preloaded';
  report(at, 'LVS028', what, 'Do it in the function that starts the node');
};
