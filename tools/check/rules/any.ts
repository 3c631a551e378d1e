/** LVS001: `any`, written down or taken over from something that gives it. */
import ts from 'typescript';
import { isAny } from '../types.ts';
import type { Rule } from './rule.ts';

const INSTEAD = 'Give it its type; `unknown` and a check where the type is not known before';

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

export const anyType: Rule = (node, { checker, report }) => {
  if (node.kind === ts.SyntaxKind.AnyKeyword) {
    report(node, 'LVS001', '`any` switches the checks off for whatever it touches', INSTEAD);
  } else if (declares(node) && !hasWrittenType(node) && ts.isIdentifier(node.name)) {
    if (!isAny(checker.getTypeAtLocation(node.name))) return;
    report(
      node.name,
      'LVS001',
      `\`${node.name.text}\` has the type \`any\`, taken over from what it is set to`,
      INSTEAD,
    );
  }
};
