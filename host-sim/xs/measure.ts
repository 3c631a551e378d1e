/** What the firmware costs inside XS: bytecode steps a cycle, slots and bytes that a node holds, and whether it lets go of them. */
import type { Footprint } from '../memory/layout.ts';
import { XsMachine } from './machine.ts';
import type { Probe } from './probe/main.ts';
import type { CycleSteps, SwarmCase } from './probe/swarm.ts';
import { openSession } from './session.ts';
import type { XsSession } from './session.ts';
import { chunkBytes } from './snapshot.ts';

export interface CycleCost {
  /** Steps of one cycle with all its datagrams: the mean, its two parts, and the dearest cycle. */
  steps: number;
  receive: number;
  wake: number;
  worst: number;
  /** Cycles that were measured. */
  cycles: number;
  /** Mean of what the node sent. */
  bytes_sent: number;
}

/** Until everything is settled: gaps, trust, energies. */
const WARM_UP_CYCLES = 144;
/** Among them the 256th, in which a node stores its state. */
export const MEASURED_CYCLES = 128;
/** In one order, so that each order stays well within what a machine does in a second. */
const CYCLES_AT_ONCE = 16;
const STEADY_AT_ONCE = 1000;

export const QUIET: SwarmCase = { peers: 16, keys: 8, loss: 0, relayed: 0, noise_lsb: 0 };
/** Peers that hear one another this badly pass on four entries in every datagram. */
export const RELAYING: SwarmCase = { peers: 16, keys: 8, loss: 0.9, relayed: 4, noise_lsb: 0 };
/** A tenth of a unit, the keys' floor: every contribution changes in every cycle, so that nothing can be kept from the one before. */
export const NOISE_LSB = 6554;

type Method = Exclude<
  { [name in keyof Probe]: Probe[name] extends (...args: never[]) => unknown ? name : never }[keyof Probe],
  undefined
>;

/** Asks the probe inside XS. */
export function ask<name extends Method>(
  { machine }: XsSession,
  method: name,
  ...args: Parameters<Probe[name]>
): ReturnType<Probe[name]> {
  const answer = machine.command(new TextEncoder().encode(JSON.stringify([method, ...args])));
  return JSON.parse(new TextDecoder().decode(answer)) as ReturnType<Probe[name]>;
}

export function openProbe(bundle: string, programs?: string): XsSession {
  return openSession(bundle, 'probe.mjs', programs);
}

export function beginSwarm(session: XsSession, one: SwarmCase): void {
  ask(session, 'begin', one, 0);
  for (let done = 0; done < WARM_UP_CYCLES; done += CYCLES_AT_ONCE) ask(session, 'cycles', CYCLES_AT_ONCE);
}

/** True for a cycle that brought a datagram of each peer, with so many relayed entries in each on average. */
export function isUsual(cycle: CycleSteps, one: SwarmCase): boolean {
  return cycle.datagrams === one.peers && cycle.relayed === one.relayed * one.peers;
}

export function measureCycles(session: XsSession, one: SwarmCase): CycleCost {
  beginSwarm(session, one);
  const cycles: CycleSteps[] = [];
  for (let done = 0; done < MEASURED_CYCLES; done += CYCLES_AT_ONCE) {
    cycles.push(...ask(session, 'cycles', CYCLES_AT_ONCE));
  }
  const usual = cycles.filter((cycle) => isUsual(cycle, one));
  if (usual.length === 0)
    throw new Error(`no cycle of ${cycles.length} brought ${one.relayed} relayed entries in each datagram`);
  const mean = (pick: (cycle: CycleSteps) => number): number =>
    Math.round(usual.reduce((sum, cycle) => sum + pick(cycle), 0) / usual.length);
  return {
    steps: mean((cycle) => cycle.receive + cycle.wake),
    receive: mean((cycle) => cycle.receive),
    wake: mean((cycle) => cycle.wake),
    worst: Math.max(...usual.map((cycle) => cycle.receive + cycle.wake)),
    cycles: usual.length,
    bytes_sent: mean((cycle) => cycle.bytes),
  };
}

/** Live slots: what is in use after the garbage is gone. The first collection may leave what only the second one finds. */
function liveSlots(session: XsSession): number {
  ask(session, 'collect');
  ask(session, 'collect');
  return session.machine.usage().slots;
}

export interface Growth {
  /** Live slots more after the cycles than before. */
  live: number;
  /** Slots that a cycle took and dropped, on average: what a collection has to bring back. */
  garbage_a_cycle: number;
}

/** Runs the measured node of a swarm that has settled for so many steady cycles. */
export function measureGrowth(session: XsSession, one: SwarmCase, cycles: number): Growth {
  beginSwarm(session, one);
  ask(session, 'leaveAlone');
  ask(session, 'steady', STEADY_AT_ONCE);
  const before = liveSlots(session);
  let dropped = 0;
  for (let done = 0; done < cycles; done += STEADY_AT_ONCE) {
    const used = liveSlots(session);
    ask(session, 'steady', STEADY_AT_ONCE);
    dropped += session.machine.usage().slots - used;
  }
  return { live: liveSlots(session) - before, garbage_a_cycle: dropped / cycles };
}

export interface HeapCost {
  node: Footprint;
  settings: Footprint;
}

/** What a node and its settings hold, in the layout of this machine (64 bits): chunks are twice the device's, slots are the same. */
export function measureHeap(session: XsSession, keys: number, table: number): HeapCost {
  const { machine } = session;
  const held = (): Footprint => ({ slots: liveSlots(session), chunk_bytes: chunkBytes(machine.snapshot('heap.xss')) });
  const since = (before: Footprint, after: Footprint): Footprint => ({
    slots: after.slots - before.slots,
    chunk_bytes: after.chunk_bytes - before.chunk_bytes,
  });
  ask(session, 'makePorts');
  const empty = held();
  ask(session, 'makeSettings', keys, table);
  const settings = held();
  ask(session, 'makeNode');
  ask(session, 'runNode');
  return { settings: since(empty, settings), node: since(settings, held()) };
}

/** Bytes that loading the bundle adds to the chunks of an empty machine: its bytecode, and the constants and names in it. */
export function bytecodeBytes(bundle: string): number {
  const machine = new XsMachine();
  try {
    const path = machine.put('node.mjs', bundle);
    const before = chunkBytes(machine.snapshot('before.xss'));
    machine.importModule(path);
    return chunkBytes(machine.snapshot('after.xss')) - before;
  } finally {
    machine.close();
  }
}
