/** The middle of an odd count; the upper of the two middles of an even one. NaN of nothing. */
export function median(numbers: readonly number[]): number {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? NaN;
}
