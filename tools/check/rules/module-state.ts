/** LVS011: state that belongs to a module. Two nodes in one process would share it, and preloaded it is frozen in flash. */
import ts from 'typescript';
import { quoted } from '../diagnostic.ts';
import { isImmutable } from '../immutable.ts';
import { isAmbient } from '../types.ts';
import type { Rule, Spot } from './rule.ts';

const CODE = 'LVS011';
const MOVE = 'Put it into a record that the function which makes the node creates and hands on';
const FREEZE =
  'Give it a `readonly` type (`readonly number[]`, `as const`) if it never changes, or hand it on in a record';

function checkVariables(node: ts.VariableStatement, { checker, report }: Spot): void {
  const isConst = (node.declarationList.flags & ts.NodeFlags.Const) !== 0;
  for (const declaration of node.declarationList.declarations) {
    const name = declaration.name.getText();
    if (isAmbient(declaration)) continue;
    if (!isConst) {
      report(declaration.name, CODE, `\`${name}\` is a variable of the module, shared by all that import it`, MOVE);
    } else if (!isImmutable(checker.getTypeAtLocation(declaration.name), checker)) {
      report(declaration.name, CODE, `What \`${name}\` holds can be changed, and belongs to the module`, FREEZE);
    }
  }
}

function checkStatic(node: ts.PropertyDeclaration, { checker, report }: Spot): void {
  const flags = ts.getCombinedModifierFlags(node);
  if ((flags & ts.ModifierFlags.Static) === 0) return;
  const fixed = (flags & ts.ModifierFlags.Readonly) !== 0 && isImmutable(checker.getTypeAtLocation(node.name), checker);
  if (!fixed) report(node.name, CODE, `The static ${quoted(node.name)} is a variable of the module`, MOVE);
}

export const moduleState: Rule = (node, spot) => {
  if (ts.isVariableStatement(node) && ts.isSourceFile(node.parent)) checkVariables(node, spot);
  else if (ts.isPropertyDeclaration(node)) checkStatic(node, spot);
};
