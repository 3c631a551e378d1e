/** LVS023 at the stores: values that the element of a typed array, or the bytes of a view, cannot hold. */
import ts from 'typescript';
import { memberOf } from '../members.ts';
import { rangeOf } from '../ranges/range-of.ts';
import type { Range } from '../ranges/range.ts';
import { rangeText } from '../ranges/range.ts';
import { ELEMENTS } from '../ranges/sources.ts';
import { COMPOUND, inner, isAssignment } from '../syntax.ts';
import { builtInName, typedArrayName, usedType } from '../types.ts';
import type { Rule, Spot } from './rule.ts';

const CODE = 'LVS023';
const INSTEAD = 'Use a wider array, or a value that fits';
const SETTER = /^set((?:Uint|Int)(?:8|16|32))$/;

/** Each value that a choice may give. */
function choicesOf(value: ts.Expression): ts.Expression[] {
  const node = inner(value);
  if (!ts.isConditionalExpression(node)) return [node];
  return [...choicesOf(node.whenTrue), ...choicesOf(node.whenFalse)];
}

function checkValue(value: ts.Expression, holds: Range, what: string, { checker, report }: Spot): void {
  for (const choice of choicesOf(value)) {
    const range = rangeOf(choice, checker);
    if (range.low <= holds.high && range.high >= holds.low) continue;
    const text = `The value is ${rangeText(range)}, and ${what} ${rangeText(holds)}: another number is stored`;
    report(choice, CODE, text, INSTEAD);
  }
}

function elementOf(list: ts.Expression, checker: ts.TypeChecker): { holds: Range; what: string } | undefined {
  const name = typedArrayName(usedType(list, checker));
  const holds = ELEMENTS.get(name);
  return holds === undefined ? undefined : { holds, what: `an element of a ${name} is` };
}

/** `bytes[i] = 300`, and `bytes[i] += 256`, which reads what it adds to. */
function checkAssignment(node: ts.BinaryExpression, spot: Spot): void {
  const target = inner(node.left);
  const element = ts.isElementAccessExpression(target) ? elementOf(target.expression, spot.checker) : undefined;
  if (element === undefined) return;
  checkValue(COMPOUND.has(node.operatorToken.kind) ? node : node.right, element.holds, element.what, spot);
}

function checkCall(node: ts.CallExpression, spot: Spot): void {
  const member = memberOf(inner(node.expression), spot.checker);
  if (member?.owner === undefined) return;
  const [first, second] = node.arguments;
  const setter = SETTER.exec(member.name);
  if (setter !== null && node.arguments.length > 1) {
    const holds = ELEMENTS.get(`${setter[1]}Array`);
    if (holds === undefined || builtInName(usedType(member.holder, spot.checker)) !== 'DataView') return;
    checkValue(second, holds, `\`${member.name}\` writes`, spot);
  } else if (member.name === 'fill' && node.arguments.length > 0) {
    const element = elementOf(member.owner, spot.checker);
    if (element !== undefined) checkValue(first, element.holds, element.what, spot);
  }
}

export const stores: Rule = (node, spot) => {
  if (isAssignment(node)) checkAssignment(node, spot);
  else if (ts.isCallExpression(node)) checkCall(node, spot);
};
