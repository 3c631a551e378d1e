/** Ranges that are known from the language and from the chip. */
import type { Range } from './range.ts';
import { INT32, UINT32, UNKNOWN } from './range.ts';

const INT16: Range = { low: -0x8000, high: 0x7fff };
const UINT16: Range = { low: 0, high: 0xffff };
const INT8: Range = { low: -0x80, high: 0x7f };
const UINT8: Range = { low: 0, high: 0xff };

/** The elements of typed arrays of integers. */
export const ELEMENTS: ReadonlyMap<string, Range> = new Map([
  ['Int8Array', INT8],
  ['Uint8Array', UINT8],
  ['Uint8ClampedArray', UINT8],
  ['Int16Array', INT16],
  ['Uint16Array', UINT16],
  ['Int32Array', INT32],
  ['Uint32Array', UINT32],
]);

/** What methods of the language return, by the type that they belong to and their name. */
export const METHODS: ReadonlyMap<string, Range> = new Map([
  ['DataView.getInt8', INT8],
  ['DataView.getUint8', UINT8],
  ['DataView.getInt16', INT16],
  ['DataView.getUint16', UINT16],
  ['DataView.getInt32', INT32],
  ['DataView.getUint32', UINT32],
  ['Math.imul', INT32],
  ['Math.clz32', { low: 0, high: 32 }],
  ['String.charCodeAt', UINT16],
]);

/** Numbers that the language names. */
export const LIMITS: ReadonlyMap<string, Range> = new Map([
  ['NumberConstructor.MAX_SAFE_INTEGER', { low: Number.MAX_SAFE_INTEGER, high: Number.MAX_SAFE_INTEGER }],
  ['NumberConstructor.MIN_SAFE_INTEGER', { low: Number.MIN_SAFE_INTEGER, high: Number.MIN_SAFE_INTEGER }],
]);

/** Nothing on the chip is longer than the pool of its virtual machine: 94,208 bytes on an ESP32-C3. */
const POOL_BYTES = 94_208;

const SIZE: Range = { low: 0, high: POOL_BYTES };

/** Names that say how much a table holds. A capacity is never 0: a walk may use it as its step. */
const SIZES: ReadonlyMap<string, Range> = new Map([
  ['length', SIZE],
  ['byteLength', SIZE],
  ['count', SIZE],
  ['size', SIZE],
  ['capacity', { low: 1, high: POOL_BYTES }],
]);

export function sizeRange(property: string): Range {
  return SIZES.get(property) ?? UNKNOWN;
}

export function isSizeName(property: string): boolean {
  return SIZES.has(property);
}
