/** Who guesses passwords waits; of IPv6 a host has a whole /64 to guess from. */
import { expect, it } from 'vitest';
import { Throttle } from '../../../gateway/http/throttle.ts';

it.each([
  ['the addresses of one IPv6 link', (i: number) => `2001:db8::${i.toString(16)}`, 5],
  ['the same, written out', (i: number) => `2001:db8:1:2:3::${i.toString(16)}`, 5],
  ['IPv4 addresses, each for itself', (i: number) => `10.0.0.${i}`, 50],
])('%s', (_, address, tried) => {
  const throttle = new Throttle();
  let guesses = 0;
  for (let i = 1; i <= 50; i++) {
    if (throttle.wait_ms(address(i), 0) > 0) continue;
    guesses++;
    throttle.failed(address(i), 0);
  }
  expect(guesses).toBe(tried);
});
