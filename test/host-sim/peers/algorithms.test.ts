import { describe, expect, it } from 'vitest';
import { BroadcastGossip } from '../../../host-sim/peers/broadcast-gossip.ts';
import { FlowUpdating } from '../../../host-sim/peers/flow-updating.ts';
import { lan, sites } from '../../../host-sim/peers/graph.ts';
import type { Graph } from '../../../host-sim/peers/graph.ts';
import type { Peer } from '../../../host-sim/peers/peer.ts';
import { PushSum } from '../../../host-sim/peers/push-sum.ts';
import { RunningSum } from '../../../host-sim/peers/running-sum.ts';
import { createRandom } from '../../../host-sim/world/random.ts';

const INPUTS = Float64Array.of(21, 22, 24, 25, 28, 29);
const MEAN = sum(INPUTS) / INPUTS.length;
const LAN = lan(INPUTS.length);

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** One cycle: every node in turn, each datagram lost with probability `loss`. */
function cycle(peer: Peer, graph: Graph, loss: number, random = createRandom(1)): void {
  for (let node = 0; node < graph.nodes; node++) {
    peer.tick(node);
    for (let slot = graph.offsets[node]; slot < graph.offsets[node + 1]; slot++) {
      if (random.uniform() >= loss) peer.deliver(graph.reverse[slot], node);
    }
  }
}

function values(peer: Peer, graph: Graph): number[] {
  return Array.from({ length: graph.nodes }, (_, node) => peer.value(node));
}

describe('broadcast gossip', () => {
  it('moves a receiver halfway to what was sent, even if the sender has moved on since', () => {
    const pair = lan(2);
    const peer = new BroadcastGossip(pair, Float64Array.of(20, 28));
    peer.tick(0);
    peer.tick(1);
    peer.deliver(pair.offsets[0], 1);
    peer.deliver(pair.offsets[1], 0);
    expect(values(peer, pair)).toEqual([24, 24]);
  });

  it('agrees without loss, and beside the mean', () => {
    const peer = new BroadcastGossip(LAN, INPUTS);
    for (let count = 0; count < 60; count++) cycle(peer, LAN, 0);
    const ends = values(peer, LAN);
    expect(Math.max(...ends) - Math.min(...ends)).toBeLessThan(1e-9);
    expect(Math.abs(ends[0] - MEAN)).toBeGreaterThan(0.1);
  });
});

describe('push-sum', () => {
  it('keeps all mass without loss, in every cycle, and ends at the mean', () => {
    const peer = new PushSum(LAN, INPUTS);
    for (let count = 0; count < 60; count++) {
      cycle(peer, LAN, 0);
      expect(sum(peer.sums)).toBeCloseTo(sum(INPUTS), 9);
      expect(sum(peer.weights)).toBeCloseTo(INPUTS.length, 9);
    }
    for (const value of values(peer, LAN)) expect(value).toBeCloseTo(MEAN, 9);
  });

  it('splits a node into degree + 1 equal shares', () => {
    const peer = new PushSum(LAN, INPUTS);
    peer.tick(5);
    peer.deliver(LAN.offsets[0] + 4, 5);
    expect(peer.sums[5]).toBeCloseTo(29 / 6, 12);
    expect(peer.sums[0]).toBeCloseTo(21 + 29 / 6, 12);
    expect(peer.weights[0]).toBeCloseTo(1 + 1 / 6, 12);
  });

  it('goes on after losses have drained the mass below what a double can hold', () => {
    const peer = new PushSum(LAN, INPUTS);
    const random = createRandom(2);
    for (let count = 0; count < 200; count++) cycle(peer, LAN, 0.5, random);
    const settled = values(peer, LAN);
    for (let count = 0; count < 4000; count++) cycle(peer, LAN, 0.5, random);
    values(peer, LAN).forEach((value, node) => expect(value).toBeCloseTo(settled[node], 9));
  });
});

describe('running sums', () => {
  /** Mass that was sent and not yet heard waits in the links. */
  function massInAll(peer: RunningSum, graph: Graph): number {
    const waiting = Array.from(graph.neighbours, (sender, slot) => peer.sentSums[sender] - peer.heardSums[slot]);
    return sum(peer.sums) + sum(waiting);
  }

  it('does without loss exactly what push-sum does', () => {
    const running = new RunningSum(LAN, INPUTS);
    const plain = new PushSum(LAN, INPUTS);
    for (let count = 0; count < 10; count++) {
      cycle(running, LAN, 0);
      cycle(plain, LAN, 0);
      values(plain, LAN).forEach((value, node) => expect(running.value(node)).toBeCloseTo(value, 9));
    }
  });

  it('loses no mass at 80 % loss, and ends at the mean', () => {
    const peer = new RunningSum(LAN, INPUTS);
    const random = createRandom(3);
    for (let count = 0; count < 400; count++) {
      cycle(peer, LAN, 0.8, random);
      expect(massInAll(peer, LAN)).toBeCloseTo(sum(INPUTS), 8);
    }
    for (const value of values(peer, LAN)) expect(value).toBeCloseTo(MEAN, 8);
  });

  it('brings what a lost datagram carried with the next one', () => {
    const pair = lan(2);
    const peer = new RunningSum(pair, Float64Array.of(16, 0));
    peer.tick(0);
    peer.tick(0);
    peer.deliver(pair.offsets[1], 0);
    expect([...peer.sums]).toEqual([4, 12]);
    peer.deliver(pair.offsets[1], 0);
    expect([...peer.sums]).toEqual([4, 12]);
  });
});

describe('Flow Updating', () => {
  it('makes opposite flows of the two ends of a link, so that the inputs stay whole', () => {
    const peer = new FlowUpdating(LAN, INPUTS);
    for (let count = 0; count < 20; count++) cycle(peer, LAN, 0);
    expect(sum(peer.flows)).toBeCloseTo(0, 6);
    for (const value of values(peer, LAN)) expect(value).toBeCloseTo(MEAN, 3);
  });

  it.each([0.6, 0.9])('ends at the mean at a loss of %d', (loss) => {
    const peer = new FlowUpdating(LAN, INPUTS);
    const random = createRandom(4);
    for (let count = 0; count < 2000; count++) cycle(peer, LAN, loss, random);
    for (const value of values(peer, LAN)) expect(value).toBeCloseTo(MEAN, 6);
  });

  it('delivers the flows as they were when sent, even if the sender has heard something since', () => {
    const pair = lan(2);
    const peer = new FlowUpdating(pair, Float64Array.of(20, 28));
    peer.tick(1);
    peer.deliver(pair.offsets[0], 1);
    peer.tick(0);
    expect([...peer.flows]).toEqual([-4, 0]);
    peer.tick(1);
    peer.deliver(pair.offsets[1], 0);
    expect([...peer.flows]).toEqual([-4, 4]);
    peer.deliver(pair.offsets[0], 1);
    expect(Math.abs(peer.flows[0])).toBe(0);
  });

  it('takes a datagram that comes twice as if it came once', () => {
    const [once, twice] = [new FlowUpdating(LAN, INPUTS), new FlowUpdating(LAN, INPUTS)];
    for (const peer of [once, twice]) cycle(peer, LAN, 0);
    twice.deliver(LAN.reverse[LAN.offsets[5]], 5);
    expect(twice).toEqual(once);
  });
});

describe.each([RunningSum, FlowUpdating])('%o on sites', (Algorithm) => {
  it('carries the mean through the gateways', () => {
    const graph = sites(2, 3);
    const peer = new Algorithm(graph, INPUTS);
    const random = createRandom(5);
    for (let count = 0; count < 1500; count++) cycle(peer, graph, 0.3, random);
    for (const value of values(peer, graph)) expect(value).toBeCloseTo(MEAN, 6);
  });
});
