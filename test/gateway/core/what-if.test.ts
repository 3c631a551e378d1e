/** What if the network were worse, for a while. */
import { expect, it } from 'vitest';
import { WhatIf } from '../../../gateway/core/what-if.ts';

it('throws away its share until its time is over', () => {
  let ticks_ms = 0;
  let clock_ms = 1_700_000_000_000;
  let drawn = 0;
  const what_if = new WhatIf({ now_ms: () => clock_ms, ticks_ms: () => ticks_ms, random: () => (drawn++ % 10) / 10 });
  const lost = (): number => Array.from({ length: 100 }, () => what_if.loses()).filter(Boolean).length;
  expect(lost()).toBe(0);
  what_if.set(0.6, 60);
  expect(lost()).toBe(60);
  expect(what_if.active()).toEqual({ loss: 0.6, until_ms: clock_ms + 60_000 });
  // The computer's clock is set back meanwhile.
  clock_ms -= 3_600_000;
  ticks_ms = 60_000;
  expect(lost()).toBe(0);
  expect(what_if.active()).toBeNull();
  expect(what_if.dropped).toBe(60);
});

it.each([
  [1.1, 60],
  [-0.1, 60],
  [NaN, 60],
  [0.5, 0],
  [0.5, 601],
])('refuses %d for %d s', (loss, seconds) => {
  const what_if = new WhatIf({ now_ms: () => 0, ticks_ms: () => 0, random: () => 0 });
  expect(() => what_if.set(loss, seconds)).toThrow(RangeError);
});
