/** What waits for a broker. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Outbox, type Queued } from '../../../gateway/mqtt/outbox.ts';

const event = (payload: string): { topic: string; payload: string; retain: boolean } => ({
  topic: 'e',
  payload,
  retain: false,
});
const state = (topic: string, payload: string): { topic: string; payload: string; retain: boolean } => ({
  topic,
  payload,
  retain: true,
});

function drain(outbox: Outbox): string[] {
  const payloads: string[] = [];
  for (let next = outbox.take(); next !== undefined; next = outbox.take()) payloads.push(next.payload.toString());
  return payloads;
}

describe('an outbox', () => {
  it('gives events and states in their order, of each state the newest', () => {
    const outbox = new Outbox();
    for (const each of [event('1'), state('a', 'old'), event('2'), state('b', '3'), state('a', 'new')])
      outbox.put(each);
    expect(drain(outbox)).toEqual(['1', '2', '3', 'new']);
    expect([outbox.size, outbox.bytes, outbox.dropped]).toEqual([0, 0, 0]);
  });

  it('drops the oldest events, never a state for an event', () => {
    const outbox = new Outbox({ messages_max: 3, bytes_max: 1000 });
    outbox.put(state('a', 's'));
    for (const payload of ['1', '2', '3', '4']) outbox.put(event(payload));
    expect(outbox.dropped).toBe(2);
    expect(drain(outbox)).toEqual(['s', '3', '4']);
  });

  it('refuses what does not fit when there is no event to drop', () => {
    const outbox = new Outbox({ messages_max: 2, bytes_max: 1000 });
    expect([outbox.put(state('a', '1')), outbox.put(state('b', '2')), outbox.put(state('c', '3'))]).toEqual([
      true,
      true,
      false,
    ]);
    expect(outbox.put(state('a', 'newer')), 'in the place of an older one').toBe(true);
    expect(outbox.put({ ...event('x'), payload: 'x'.repeat(2000) })).toBe(false);
    expect(drain(outbox)).toEqual(['2', 'newer']);
  });

  it('takes back what did not arrive, before what waits, but no state that is older than one that waits', () => {
    const outbox = new Outbox();
    for (const each of [event('1'), state('a', 'old'), event('2')]) outbox.put(each);
    const under_way = [outbox.take(), outbox.take()].filter((message): message is Queued => message !== undefined);
    outbox.put(state('a', 'new'));
    outbox.putBack(under_way);
    expect(drain(outbox)).toEqual(['1', '2', 'new']);
    expect([outbox.bytes, outbox.dropped]).toEqual([0, 0]);
  });

  it('stays within its limits whatever happens, and counts what it lost', () => {
    const action = fc.oneof(
      fc.record({
        do: fc.constant('put' as const),
        topic: fc.constantFrom('a', 'b', 'c'),
        retain: fc.boolean(),
        bytes: fc.nat(40),
      }),
      fc.record({ do: fc.constant('take' as const) }),
      fc.record({ do: fc.constant('lose' as const) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
        const outbox = new Outbox({ messages_max: 8, bytes_max: 120 });
        let under_way: Queued[] = [];
        for (const each of actions) {
          if (each.do === 'put')
            outbox.put({ topic: each.topic, payload: 'x'.repeat(each.bytes), retain: each.retain });
          if (each.do === 'take') {
            const message = outbox.take();
            if (message !== undefined) under_way.push(message);
          }
          if (each.do === 'lose') {
            outbox.putBack(under_way);
            under_way = [];
          }
          // States that come back are as many as there are topics: they may go beyond, events may not.
          expect(outbox.size).toBeLessThanOrEqual(8 + 3);
          expect(outbox.bytes).toBeLessThanOrEqual(120 + 3 * 41);
        }
        const left = drain(outbox);
        expect(outbox.bytes).toBe(0);
        expect(outbox.size).toBe(0);
        expect(left.length).toBeLessThanOrEqual(11);
      }),
    );
  });
});
