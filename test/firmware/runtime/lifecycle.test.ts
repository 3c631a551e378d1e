/** A node's life: what it says when it starts, runs, and goes; and what it says when something is wrong. */
import { describe, expect, it } from 'vitest';
import { FakePeer, HELLO, LEAVING, slotOf } from '../fake-peer.ts';
import { api, createHarness, ONE, testKey } from '../harness.ts';
import { wireCycle } from '../inspect.ts';
import type { Harness } from '../harness.ts';

const AT_FLAGS = 3;
const AT_TAG = 6;
const AT_CYCLE = 10;
const AT_HELD = 14;

const messageTypes = (view: DataView): number[] => {
  const types: number[] = [];
  for (let at = 18; at < view.byteLength; at += 3 + view.getUint16(at + 1)) types.push(view.getUint8(at));
  return types;
};

const names = (harness: Harness): string[] => harness.events.map(({ name }) => name);

describe('start', () => {
  it('says hello with a beacon, once', () => {
    const harness = createHarness();
    expect(harness.sent).toHaveLength(1);
    expect(harness.sent[0].getUint8(AT_FLAGS)).toBe(HELLO);
    expect(messageTypes(harness.sent[0])).toEqual([3]);
    expect(harness.events).toEqual([{ name: 'started', a: 1, b: 0 }]);
  });

  it('asks for beacons, and gets one with the next datagram of who heard it', () => {
    const [newcomer, member] = [createHarness({ seed: 1 }), createHarness({ seed: 2 })];
    for (let i = 0; i < 3; i++) member.cycle();
    expect(messageTypes(member.cycle())).toEqual([2]);
    member.deliver(newcomer.sent[0], 5);
    expect(messageTypes(member.cycle())).toEqual([2, 3]);
    expect(messageTypes(member.cycle())).toEqual([2]);
  });

  it('does not make a peer of who only said hello', () => {
    const [newcomer, member] = [createHarness({ seed: 1 }), createHarness({ seed: 2 })];
    expect(member.deliver(newcomer.sent[0], 5) === 0).toBe(true);
    expect(member.node.parts.transport.table.count).toBe(1);
  });
});

describe('receive', () => {
  it('does not take its own datagrams', () => {
    const harness = createHarness();
    harness.deliver(harness.cycle(), 5);
    expect(harness.dropped('echo')).toBe(1);
    expect(harness.node.parts.transport.table.count).toBe(1);
  });
});

describe('each cycle', () => {
  it('sends one datagram with its own reading and the peers it holds', () => {
    const harness = createHarness();
    for (const tag of [11, 12]) new FakePeer(harness, tag).tell();
    harness.setReading(0, 21 * ONE);
    const view = harness.cycle();
    expect(harness.sent).toHaveLength(2);
    const { parts } = harness.node;
    expect([view.getInt32(AT_CYCLE), view.getUint16(AT_HELD), view.getInt32(27)]).toEqual([wireCycle(parts), 2, ONE]);
  });

  it('sends no contribution while the sensor has no reading, or one outside the range', () => {
    const harness = createHarness();
    expect(harness.cycle().getInt32(27)).toBe(-0x80000000);
    harness.setReading(0, 101 * ONE);
    expect(harness.cycle().getInt32(27)).toBe(-0x80000000);
    harness.setReading(0, 100 * ONE);
    expect(harness.cycle().getInt32(27)).toBe(80 * ONE);
  });

  it('sends a beacon in one of sixteen', () => {
    const harness = createHarness();
    const beacons = Array.from({ length: 64 }, () => messageTypes(harness.cycle()).includes(3));
    expect(beacons.filter(Boolean)).toHaveLength(4);
  });

  it('goes on when the port takes nothing, and says so', () => {
    const harness = createHarness();
    harness.world.sends = false;
    harness.advance(5000);
    expect(harness.events.filter(({ name }) => name === 'send-failed')).not.toHaveLength(0);
    expect(harness.node.parts.transport.unsent).toBe(harness.node.parts.transport.cycle);
    harness.world.sends = true;
    expect(harness.cycle().getInt32(AT_CYCLE)).toBe(wireCycle(harness.node.parts));
  });
});

describe('shutdown', () => {
  it('takes leave so that a peer forgets the node at once, even where two of three farewells are lost', () => {
    const [leaver, peer] = [createHarness({ seed: 1 }), createHarness({ seed: 2 })];
    peer.deliver(leaver.cycle(), 5);
    const tag = leaver.node.parts.transport.tag;
    expect(slotOf(peer, tag)).toBe(1);
    leaver.sent.length = 0;
    leaver.node.shutdown();
    expect(leaver.sent).toHaveLength(3);
    for (const view of leaver.sent) expect([view.getUint8(AT_FLAGS), view.getInt32(AT_TAG)]).toEqual([LEAVING, tag]);
    expect(peer.deliver(leaver.sent[2], 5) === 0).toBe(true);
    expect(slotOf(peer, tag)).toBe(-1);
  });

  it('stores the state, says so, and happens once', () => {
    const harness = createHarness();
    harness.setReading(0, 20 * ONE);
    harness.cycle();
    harness.node.shutdown();
    harness.node.shutdown();
    expect(names(harness)).toEqual(['started', 'stopped']);
    expect(createHarness({ store: harness.store }).node.parts.state.b[0]).toBe(20 * ONE);
  });
});

describe('settings', () => {
  const refused = (over: object): string => {
    try {
      createHarness({ settings: over });
    } catch (error) {
      return error instanceof RangeError ? error.message : 'another error';
    }
    return 'no error';
  };

  it.each([
    { over: { keys: [] }, says: 'keys has 0 entries; a swarm has 1 to 64 keys' },
    { over: { cycle_ms: 49 }, says: 'cycle_ms is 49; it must be a whole number from 50 to 60000' },
    { over: { relay: 3 }, says: 'relay is 3; it must be a whole number from 0 to 2' },
    { over: { relay_entries: 17 }, says: 'relay_entries is 17; it must be a whole number from 0 to 16' },
    { over: { table: 0 }, says: 'table is 0; it must be a whole number from 1 to 1000' },
    { over: { session_cycles: 63.5 }, says: 'session_cycles is 63.5; it must be a whole number from 64 to 4194303' },
    {
      over: { keys: [testKey({ floor: 0 })] },
      says: 'keys[0].floor is 0; it must be a whole number from 1 to 134217727',
    },
    {
      over: { keys: [testKey({ name: '' })] },
      says: 'keys[0].name is empty; give each key a name such as "room1/temp"',
    },
    { over: { keys: [testKey(), testKey()] }, says: 'keys[1].name "room1/temp" is there twice' },
  ])('are refused in one line: $says', ({ over, says }) => {
    expect(refused(over)).toBe(says);
  });

  it.each([
    { what: 'another name', over: { swarm: 'other' } },
    { what: 'another key', over: { keys: [testKey({ name: 'room2/temp' })] } },
    { what: 'another reference', over: { keys: [testKey({ reference: 0 })] } },
    { what: 'other shards', over: { shards: 2 } },
  ])('with $what make another swarm, which is not heard', ({ over }) => {
    const [one, other] = [createHarness({ seed: 1 }), createHarness({ seed: 2, settings: over })];
    one.deliver(other.cycle(), 5);
    expect(one.dropped('swarm')).toBe(1);
    expect(one.node.parts.transport.table.count).toBe(1);
  });

  it('have defaults that only lack keys', () => {
    expect(api.checkSettings({ ...api.defaultSettings(), keys: [testKey()] })).toBe('');
  });
});
