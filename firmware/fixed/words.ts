/** Integers of more than 32 bits, as their words. */

/** Bits 32 to 63 of a whole number below 2^53, not negative. `value | 0` gives the others. */
export function highWord(value: number): number {
  return (value / 0x1_0000_0000) | 0;
}
