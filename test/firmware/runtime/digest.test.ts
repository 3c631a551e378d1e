/** The digest stands for the node's state in traces: whatever differs shows, and looking changes nothing. */
import { describe, expect, it } from 'vitest';
import { createHarness, ONE } from '../harness.ts';
import type { Harness } from '../harness.ts';

function after(change: (harness: Harness) => void): number {
  const harness = createHarness();
  harness.setReading(0, 20 * ONE);
  for (let i = 0; i < 12; i++) harness.cycle();
  change(harness);
  return harness.node.digest();
}

const nothing = (): void => undefined;

describe('the digest', () => {
  it('is the same for the same state, however often it is asked for', () => {
    expect(after(nothing)).toBe(after((harness) => harness.node.digest()));
  });

  it.each<[string, (harness: Harness) => void]>([
    ['agreed value', ({ node }) => node.parts.state.b[0]++],
    ['mean', ({ node }) => node.parts.state.x[0]++],
    ['energy', ({ node }) => node.parts.state.energy[0]++],
    ['life', ({ node }) => node.parts.state.life[0]++],
    ['recovery', ({ node }) => (node.parts.state.recovering[0] = 1)],
    ['pool', ({ node }) => (node.parts.pool.s0 ^= 1)],
    ['session', ({ node }) => (node.parts.transport.tag ^= 1)],
    ['cycle', ({ node }) => node.parts.transport.cycle++],
    ['refused datagrams', ({ node }) => node.parts.transport.drops[3]++],
    ['relayed entries', ({ node }) => node.parts.transport.relayed++],
    ['mode', ({ node }) => (node.parts.power.low = true)],
  ])('shows a change of the %s', (_, change) => {
    expect(after(change)).not.toBe(after(nothing));
  });

  it('is an int32', () => {
    const digest = after(nothing);
    expect(digest).toBe(digest | 0);
  });
});
