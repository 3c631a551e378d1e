import { describe, expect, it } from 'vitest';
import { createHarness, ONE } from './harness.ts';

describe('harness', () => {
  it('runs each cycle at its moment and keeps copies of what was sent', () => {
    const harness = createHarness();
    expect(harness.sent, 'the hello').toHaveLength(1);
    harness.setReading(0, 21 * ONE);
    harness.advance(10_000);
    expect(harness.node.parts.transport.cycle).toBeGreaterThanOrEqual(9);
    expect(harness.sent).toHaveLength(1 + harness.node.parts.transport.cycle);
    expect(new Set(harness.sent.map((view) => view.getInt32(10))).size).toBe(harness.sent.length);
    expect(harness.node.parts.state.b[0]).toBe(21 * ONE);
  });

  it('replays a seed and tells seeds apart', () => {
    const run = (seed: number): number => {
      const harness = createHarness({ seed });
      harness.advance(20_000);
      return harness.node.digest();
    };
    expect(run(3)).toBe(run(3));
    expect(run(3)).not.toBe(run(4));
  });

  it('lets two nodes hear each other', () => {
    const [left, right] = [createHarness({ seed: 1 }), createHarness({ seed: 2 })];
    left.setReading(0, 20 * ONE);
    right.setReading(0, 22 * ONE);
    for (let i = 0; i < 20; i++) {
      expect(right.deliver(left.cycle(), 1)).toBe(0);
      expect(left.deliver(right.cycle(), 2)).toBe(0);
    }
    expect(Math.abs(left.node.parts.state.b[0] - 21 * ONE)).toBeLessThanOrEqual(4);
    expect(Math.abs(right.node.parts.state.b[0] - 21 * ONE)).toBeLessThanOrEqual(4);
  });
});
