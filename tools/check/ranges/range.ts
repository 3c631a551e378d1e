/** Ranges of integers: the least and the greatest that a value can be; infinite ends where nobody knows. */

export interface Range {
  low: number;
  high: number;
}

export const UNKNOWN: Range = { low: -Infinity, high: Infinity };
export const INT32: Range = { low: -0x80000000, high: 0x7fffffff };
export const UINT32: Range = { low: 0, high: 0xffffffff };

export function exactly(value: number): Range {
  return { low: value, high: value };
}

export function isKnown({ low, high }: Range): boolean {
  return Number.isFinite(low) && Number.isFinite(high);
}

/** Every integer of the range is one that a double holds exactly. */
export function isSafe({ low, high }: Range): boolean {
  return low >= Number.MIN_SAFE_INTEGER && high <= Number.MAX_SAFE_INTEGER;
}

const GROUPED = new Intl.NumberFormat('en-US');

/** For people: `0 to 255`, `70,000 and more`. */
export function rangeText({ low, high }: Range): string {
  if (low === high) return GROUPED.format(low);
  if (high === Infinity) return `${GROUPED.format(low)} and more`;
  return low === -Infinity ? `${GROUPED.format(high)} and less` : `${GROUPED.format(low)} to ${GROUPED.format(high)}`;
}

export function within(inside: Range, outside: Range): boolean {
  return inside.low >= outside.low && inside.high <= outside.high;
}

export function hull(a: Range, b: Range): Range {
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

export function add(a: Range, b: Range): Range {
  return { low: a.low + b.low, high: a.high + b.high };
}

export function negate({ low, high }: Range): Range {
  return { low: -high, high: -low };
}

export function subtract(a: Range, b: Range): Range {
  return add(a, negate(b));
}

/** An unknown end times zero is zero: the value is unknown, but it is a number. */
function product(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b;
}

export function multiply(a: Range, b: Range): Range {
  const ends = [product(a.low, b.low), product(a.low, b.high), product(a.high, b.low), product(a.high, b.high)];
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

/** What `|`, `^`, `<<` and `>>` make of anything: an int32. */
export function toInt32(range: Range): Range {
  return within(range, INT32) ? range : INT32;
}

export function shiftLeft(value: Range, by: Range): Range {
  const scaled = by.low === by.high && by.low >= 0 && by.low < 32 ? multiply(value, exactly(2 ** by.low)) : UNKNOWN;
  return toInt32(scaled);
}

export function shiftRight(value: Range, by: Range): Range {
  const { low, high } = toInt32(value);
  if (by.low !== by.high) return { low: Math.min(low, 0), high: Math.max(high, 0) };
  return { low: low >> by.low, high: high >> by.low };
}

export function shiftRightUnsigned(value: Range, by: Range): Range {
  const from = within(value, UINT32) ? value : UINT32;
  if (by.low !== by.high) return { low: 0, high: from.high };
  return { low: from.low >>> by.low, high: from.high >>> by.low };
}

/** A mask without its sign bit bounds the result, whatever the other side is. */
export function and(a: Range, b: Range): Range {
  const masks = [a, b].filter(({ low, high }) => low >= 0 && high <= INT32.high).map(({ high }) => high);
  return masks.length === 0 ? INT32 : { low: 0, high: Math.min(...masks) };
}

/** The sign is that of the value, as JavaScript has it. */
export function remainder(value: Range, by: Range): Range {
  const most = Math.max(Math.abs(by.low), Math.abs(by.high)) - 1;
  if (!(most >= 0)) return UNKNOWN;
  return {
    low: value.low >= 0 ? 0 : Math.max(value.low, -most),
    high: value.high <= 0 ? 0 : Math.min(value.high, most),
  };
}
