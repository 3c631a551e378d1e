/** Sources that need no hardware: a constant, and a random walk for demonstrations. */
import type { Source } from './source.ts';

export function constant(value: number): Source {
  return { read: () => ({ kind: 'value', value }), close: () => undefined };
}

/** How strongly a walk is drawn back to where it began, at each step: it stays within about seven steps of it. */
const PULL = 0.02;

/** @param random from 0 up to 1 */
export function walk(start: number, step: number, random: () => number): Source {
  let value = start;
  return {
    read: () => {
      value += step * (2 * random() - 1) + PULL * (start - value);
      return { kind: 'value', value };
    },
    close: () => undefined,
  };
}
