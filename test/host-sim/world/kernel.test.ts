import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../../host-sim/world/kernel.ts';
import { createRandom } from '../../../host-sim/world/random.ts';

describe('the event queue', () => {
  it('runs actions by time, whatever the order in which they came', () => {
    const queue = new EventQueue();
    const ran: number[] = [];
    for (const time of [30, 10, 20, 5, 25]) queue.at(time, () => ran.push(time));
    queue.run(100);
    expect(ran).toEqual([5, 10, 20, 25, 30]);
  });

  it('runs actions of one time in the order in which they came', () => {
    const queue = new EventQueue();
    const ran: string[] = [];
    for (const name of 'abcdefgh') queue.at(name < 'e' ? 10 : 5, () => ran.push(name));
    queue.run(100);
    expect(ran.join('')).toBe('efghabcd');
  });

  it('runs what is due up to and with a time, and stands there', () => {
    const queue = new EventQueue();
    const ran: number[] = [];
    for (const time of [9.5, 10, 10.5]) queue.at(time, () => ran.push(time));
    queue.run(10);
    expect([ran, queue.now_ms]).toEqual([[9.5, 10], 10]);
    queue.run(11);
    expect([ran, queue.now_ms]).toEqual([[9.5, 10, 10.5], 11]);
  });

  it('shows each action its own time', () => {
    const queue = new EventQueue();
    const seen: number[] = [];
    for (const time of [7, 3]) queue.at(time, () => seen.push(queue.now_ms));
    queue.run(100);
    expect(seen).toEqual([3, 7]);
  });

  it('runs what actions plan, in its turn', () => {
    const queue = new EventQueue();
    const ran: string[] = [];
    queue.at(10, () => {
      ran.push('first');
      queue.at(10, () => ran.push('now'));
      queue.at(12, () => ran.push('later'));
    });
    queue.at(10, () => ran.push('second'));
    queue.at(11, () => ran.push('third'));
    queue.run(20);
    expect(ran).toEqual(['first', 'second', 'now', 'third', 'later']);
  });

  it('keeps order and time over 20,000 random actions', () => {
    const random = createRandom(71);
    const queue = new EventQueue();
    const ran: [number, number][] = [];
    let planned = 0;
    const plan = (time: number): void => {
      const order = planned++;
      queue.at(time, () => {
        expect(queue.now_ms).toBe(time);
        ran.push([time, order]);
        if (planned < 20_000) plan(time + random.below(50));
      });
    };
    for (let i = 0; i < 500; i++) plan(random.below(1000));
    queue.run(1e9);
    expect(ran.length).toBeGreaterThanOrEqual(20_000);
    const sorted = ran.toSorted(([t1, o1], [t2, o2]) => t1 - t2 || o1 - o2);
    expect(ran).toEqual(sorted);
  });
});
