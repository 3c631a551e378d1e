/** LVS008 and LVS009: what the engine does not have, and what it has at too high a price. */
import ts from 'typescript';
import { isValueReference } from '../syntax.ts';
import { builtInName, isBigInt, isGlobal, usedType } from '../types.ts';
import { COSTLY, LACKING } from './global-table.ts';
import type { Costly } from './global-table.ts';
import type { Rule, Spot } from './rule.ts';

function isRefused({ where }: Costly, { zone, cycle }: Spot): boolean {
  if (where === 'everywhere' || cycle !== undefined) return true;
  return where === 'outside device' && zone !== 'device';
}

/** The global that the node names, by itself or as a property of `globalThis`. */
function globalName(node: ts.Node, checker: ts.TypeChecker): string {
  if (!ts.isIdentifier(node)) return '';
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    return ts.isIdentifier(parent.expression) && parent.expression.text === 'globalThis' ? node.text : '';
  }
  return isValueReference(node) && isGlobal(node, checker) ? node.text : '';
}

export const lackingGlobals: Rule = (node, { checker, report }) => {
  const name = globalName(node, checker);
  const instead = LACKING.get(name);
  if (instead !== undefined) report(node, 'LVS008', `XS has no \`${name}\``, instead);
};

export const costlyGlobals: Rule = (node, spot) => {
  if (ts.isRegularExpressionLiteral(node)) {
    const costly = COSTLY.get('RegExp');
    if (costly === undefined || !isRefused(costly, spot)) return;
    spot.report(node, 'LVS009', `A regular expression: ${costly.what}`, costly.instead);
    return;
  }
  const name = globalName(node, spot.checker);
  const costly = COSTLY.get(name);
  if (costly !== undefined && isRefused(costly, spot)) {
    spot.report(node, 'LVS009', `\`${name}\`: ${costly.what}`, costly.instead);
  }
};

/** In cycle code also what was made elsewhere: each use of a Map is a call and a search. */
export const costlyObjects: Rule = (node, { checker, report }) => {
  if (ts.isBinaryExpression(node) && isBigInt(usedType(node, checker))) {
    const costly = COSTLY.get('BigInt');
    if (costly !== undefined) report(node, 'LVS009', `This reckons with BigInt: ${costly.what}`, costly.instead);
  }
  if (!ts.isPropertyAccessExpression(node)) return;
  const name = builtInName(usedType(node.expression, checker)).replace(/^Readonly(?=Map$|Set$)/, '');
  const costly = COSTLY.get(name);
  if (costly !== undefined) report(node.name, 'LVS009', `This uses a \`${name}\`: ${costly.what}`, costly.instead);
};
