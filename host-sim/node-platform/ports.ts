/** The ports that need no more than a line of Node.js: clock and randomness. */
import { randomFillSync } from 'node:crypto';
import type { ClockPort, RandomPort } from '../../firmware/node.ts';

export const clock: ClockPort = {
  // Not the date: it jumps when someone sets it.
  ticks_ms: () => Math.floor(performance.now()) | 0,
  epoch_ms: () => Date.now(),
};

/** Words drawn from the system at one go: a call for each would cost a microsecond. */
const WORDS = 64;

export function systemRandom(): RandomPort {
  const words = new Int32Array(WORDS);
  let left = 0;
  return {
    word: () => {
      if (left === 0) {
        randomFillSync(words);
        left = WORDS;
      }
      const word = words[--left];
      // A word is used once: nobody finds it in memory afterwards.
      words[left] = 0;
      return word;
    },
  };
}
