/** LVS008 and LVS009: what the engine does not have, and what it has at too high a price. */
import ts from 'typescript';
import { globalUse, memberOf } from '../members.ts';
import { inner, isAssignment, outer } from '../syntax.ts';
import { builtInName, isBigInt, isString, usedType } from '../types.ts';
import { COSTLY, LACKING } from './global-table.ts';
import type { Costly } from './global-table.ts';
import type { Rule, Spot } from './rule.ts';

function isRefused({ where }: Costly, { zone, cycle }: Spot): boolean {
  if (where === 'everywhere' || cycle !== undefined) return true;
  return where === 'outside device' && zone !== 'device';
}

export const lackingGlobals: Rule = (node, { checker, report }) => {
  const use = globalUse(node, checker);
  const instead = use === undefined ? undefined : LACKING.get(use.name);
  if (use === undefined || instead === undefined) return;
  report(use.at, 'LVS008', `XS has no \`${use.name}\``, instead);
};

export const costlyGlobals: Rule = (node, spot) => {
  if (ts.isRegularExpressionLiteral(node)) {
    const costly = COSTLY.get('RegExp');
    if (costly === undefined || !isRefused(costly, spot)) return;
    spot.report(node, 'LVS009', `A regular expression: ${costly.what}`, costly.instead);
    return;
  }
  const use = globalUse(node, spot.checker);
  const costly = use === undefined ? undefined : COSTLY.get(use.name);
  if (use === undefined || costly === undefined || !isRefused(costly, spot)) return;
  spot.report(use.at, 'LVS009', `\`${use.name}\`: ${costly.what}`, costly.instead);
};

/** True for what has a fault of its own where it stands: a literal, or the name of a global. */
function isReported(owner: ts.Expression, checker: ts.TypeChecker): boolean {
  const made = inner(owner);
  const node = ts.isNewExpression(made) || ts.isCallExpression(made) ? inner(made.expression) : made;
  return ts.isRegularExpressionLiteral(node) || globalUse(node, checker) !== undefined;
}

/** Also what was made elsewhere: each use of a Map is a call and a search. */
export const costlyObjects: Rule = (node, spot) => {
  const member = memberOf(node, spot.checker);
  if (member === undefined || (member.owner !== undefined && isReported(member.owner, spot.checker))) return;
  const name = builtInName(usedType(member.holder, spot.checker)).replace(/^Readonly(?=Map$|Set$)/, '');
  const costly = COSTLY.get(name);
  if (costly === undefined || !isRefused(costly, spot)) return;
  spot.report(member.at, 'LVS009', `This uses a \`${name}\`: ${costly.what}`, costly.instead);
};

/** These make a regular expression of whatever they are given. */
const MATCHERS: ReadonlySet<string> = new Set(['match', 'matchAll', 'search']);
/** These search with one where they are given one. */
const SEARCHERS: ReadonlySet<string> = new Set(['replace', 'replaceAll', 'split']);

export const textSearch: Rule = (node, spot) => {
  const costly = COSTLY.get('RegExp');
  if (!ts.isCallExpression(node) || costly === undefined || !isRefused(costly, spot)) return;
  const member = memberOf(inner(node.expression), spot.checker);
  if (member === undefined || !isString(usedType(member.holder, spot.checker))) return;
  const pattern = node.arguments.at(0);
  // A literal has been reported by itself.
  if (pattern !== undefined && ts.isRegularExpressionLiteral(inner(pattern))) return;
  if (MATCHERS.has(member.name)) {
    spot.report(member.at, 'LVS009', `\`${member.name}\` makes a regular expression: ${costly.what}`, costly.instead);
  } else if (SEARCHERS.has(member.name) && pattern !== undefined) {
    if (builtInName(usedType(pattern, spot.checker)) !== 'RegExp') return;
    const what = `\`${member.name}\` searches with a regular expression: ${costly.what}`;
    spot.report(member.at, 'LVS009', what, costly.instead);
  }
};

function isBigIntOperation(node: ts.Node): boolean {
  return ts.isBinaryExpression(node) || ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node);
}

/** Each operation and literal, and what is read from an array of them: the outermost of what stands together. */
export const bigIntegers: Rule = (node, { checker, report }) => {
  const costly = COSTLY.get('BigInt');
  const makes = ts.isBigIntLiteral(node) || isBigIntOperation(node) || ts.isElementAccessExpression(node);
  if (costly === undefined || !makes || !isBigInt(usedType(node, checker))) return;
  const around = outer(node);
  if (isBigIntOperation(around) && isBigInt(usedType(around, checker))) return;
  if (ts.isElementAccessExpression(node) && isAssignment(around) && inner(around.left) === node) return;
  report(node, 'LVS009', `This reckons with BigInt: ${costly.what}`, costly.instead);
};
