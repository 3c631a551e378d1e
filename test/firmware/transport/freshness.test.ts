/** Replays in a sealed swarm: what the clock in each datagram refuses, and what it cannot. */
import { describe, expect, it } from 'vitest';
import type { SealPort } from '../../../firmware/platform.ts';
import { createHarness, ONE, testKey } from '../harness.ts';
import type { Harness, HarnessOverrides } from '../harness.ts';
import { heldOf, slotOf } from '../fake-peer.ts';

/** One byte that says nothing: these tests are about what comes after the seal was found right. */
const SEAL: SealPort = {
  overhead_bytes: 1,
  close: (view, length) => view.setUint8(length, 0x5a),
  open: (view, length) => view.getUint8(length) === 0x5a,
};
const START_MS = 1_700_000_000_000;

function member(seed: number, over: Partial<HarnessOverrides> = {}, epoch_ms = START_MS): Harness {
  const harness = createHarness({ seed, seal: SEAL, settings: { keys: [testKey()] }, ...over, started: false });
  harness.world.epoch_ms = epoch_ms;
  harness.node.start();
  harness.setReading(0, 20 * ONE);
  return harness;
}

function copyOf(view: DataView): DataView {
  return new DataView(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

function reasonOf(harness: Harness, view: DataView, source: number): string {
  const before = harness.dropped('replay');
  const code = harness.deliver(copyOf(view), source);
  return harness.dropped('replay') > before ? 'replay' : code === 0 ? 'none' : 'other';
}

const tagOf = ({ node }: Harness): number => node.parts.transport.tag;

describe('a datagram of a sealed swarm', () => {
  it('is taken up to 64 seconds after it was sent, and refused from then on, also when its sender is gone', () => {
    const [sender, receiver] = [member(1), member(2)];
    sender.setReading(0, 25 * ONE);
    const old = copyOf(sender.cycle());
    sender.node.shutdown();
    receiver.world.epoch_ms = sender.world.epoch_ms + 64_000;
    receiver.cycle();
    const clock_s = receiver.node.parts.transport.freshness.clock_s;
    expect(reasonOf(receiver, old, 7)).toBe(
      clock_s - Math.floor(sender.world.epoch_ms / 1000) > 64 ? 'replay' : 'none',
    );
    receiver.world.epoch_ms += 2000;
    receiver.cycle();
    expect(reasonOf(receiver, old, 8)).toBe('replay');
  });

  it('moves the clock of a receiver that knows no time, which then refuses what is older', () => {
    const [sender, receiver] = [member(1), member(2, {}, 0)];
    const old = copyOf(sender.cycle());
    for (let i = 0; i < 70; i++) sender.cycle();
    expect(reasonOf(receiver, sender.cycle(), 7)).toBe('none');
    expect(reasonOf(receiver, old, 8)).toBe('replay');
  });

  it('of the past is taken by a receiver that knows nothing yet, and forgotten with the first that lives', () => {
    const [gone, alive, fresh] = [member(1), member(2), member(3, {}, 0)];
    gone.setReading(0, 90 * ONE);
    const old = copyOf(gone.cycle());
    expect(reasonOf(fresh, old, 7)).toBe('none');
    expect(heldOf(fresh, tagOf(gone))).toBe(90 * ONE);
    for (let i = 0; i < 100; i++) alive.cycle();
    expect(reasonOf(fresh, alive.cycle(), 8)).toBe('none');
    expect(slotOf(fresh, tagOf(gone)), 'the replay').toBe(-1);
    expect(slotOf(fresh, tagOf(alive))).toBeGreaterThan(0);
    expect(reasonOf(fresh, old, 7)).toBe('replay');
  });

  it('of the past is refused after a restart too, by the clock that was stored', () => {
    const [sender, receiver] = [member(1), member(2)];
    const old = copyOf(sender.cycle());
    for (let i = 0; i < 100; i++) {
      sender.cycle();
      receiver.cycle();
    }
    receiver.node.shutdown();
    const again = member(3, { store: receiver.store }, 0);
    expect(reasonOf(again, old, 7)).toBe('replay');
  });

  it('repeated eight times in rising order makes no restarted sender', () => {
    const [sender, receiver] = [member(1), member(2)];
    const old: DataView[] = [];
    for (let i = 0; i < 8; i++) {
      old.push(copyOf(sender.cycle()));
      receiver.deliver(copyOf(old[i]), 7);
    }
    sender.setReading(0, 30 * ONE);
    receiver.deliver(copyOf(sender.cycle()), 7);
    for (const view of old) receiver.deliver(copyOf(view), 7);
    expect(heldOf(receiver, tagOf(sender))).toBe(30 * ONE);
  });

  it('with a wrong seal moves no clock', () => {
    const [sender, receiver] = [member(1, {}, START_MS + 1_000_000), member(2)];
    const view = copyOf(sender.cycle());
    view.setUint8(view.byteLength - 1, 0);
    const before = receiver.node.parts.transport.freshness.clock_s;
    receiver.deliver(view, 7);
    expect(receiver.dropped('seal')).toBe(1);
    expect(receiver.node.parts.transport.freshness.clock_s).toBe(before);
  });
});

describe("the swarm's clock", () => {
  it('goes on without a platform that knows the time, across the wrap of its ticks', () => {
    const one = member(1, { ticks_ms: 0x7fffffff - 5000 }, 0);
    const start = one.node.parts.transport.freshness.clock_s;
    one.advance(20_000);
    expect(one.node.parts.transport.freshness.clock_s - start).toBeGreaterThanOrEqual(18);
    expect(one.node.parts.transport.freshness.clock_s - start).toBeLessThanOrEqual(20);
  });

  it('never goes back when the platform corrects its own', () => {
    const one = member(1);
    one.cycle();
    const before = one.node.parts.transport.freshness.clock_s;
    one.world.epoch_ms -= 500_000;
    one.cycle();
    expect(one.node.parts.transport.freshness.clock_s).toBeGreaterThanOrEqual(before);
  });
});
