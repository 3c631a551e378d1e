/** Differences from a key's reference, as they stand on the wire. */

/** Says that the sender has no such value: no difference of two values, which are never negative, is this large. */
export const DIFF_NONE = -0x80000000;

/** The difference for a value, which is negative where there is none. */
export function toDiff(value: number, reference: number): number {
  return value < 0 ? DIFF_NONE : value - reference;
}
