/** A scenario without any fault, to which each test adds its own, and a world whose nodes only take notes. */
import { fileURLToPath } from 'node:url';
import type { Platform } from '../../../firmware/node.ts';
import { withDefaults } from '../../../host-sim/scenario/schema.ts';
import { loadBundle } from '../../../host-sim/world/bundle.ts';
import type { Bundle } from '../../../host-sim/world/bundle.ts';
import type { WorldNode } from '../../../host-sim/world/node.ts';
import type { Scenario } from '../../../host-sim/world/scenario.ts';
import { createWorld } from '../../../host-sim/world/world.ts';
import type { World } from '../../../host-sim/world/world.ts';

export const bundle: Bundle = await loadBundle(
  fileURLToPath(new URL('../../../build/firmware/node.mjs', import.meta.url)),
);

export const NO_DATA = { links: null, readings: null };

/** Eight nodes on a LAN that loses nothing. */
export function scenarioOf(over: Partial<Scenario> = {}): Scenario {
  const quiet = { name: 'test', nodes: 8, loss: 0, keys: [{ name: 'key1' }] };
  return { ...withDefaults(quiet), ...over };
}

/** A world of the bundle's nodes. */
export function worldOf(over: Partial<Scenario> = {}): World {
  return createWorld(bundle, scenarioOf(over), NO_DATA);
}

/** What befell one node of a `noted` world. */
export interface Notes {
  /** The world's cycle in which each of its lives began. */
  starts: number[];
  shutdowns: number;
  /** Of its store when each life began: what the two slots held. */
  slots: string[][];
  /** Every datagram that it heard: from whom, the sender's count, and in which cycle. */
  heard: { from: number; count: number; cycle: number }[];
  platform: Platform | null;
}

const SLOT_BYTES = 8;

/**
 * A world of nodes that each send one datagram a cycle, at its beginning, with their number and a count, and store the
 * count as text; they note what they hear.
 */
export function notedWorld(over: Partial<Scenario> = {}): { world: World; notes: Notes[] } {
  const scenario = scenarioOf(over);
  const notes = Array.from({ length: scenario.nodes }, (): Notes => {
    return { starts: [], shutdowns: 0, slots: [], heard: [], platform: null };
  });
  const world = createWorld(bundle, scenario, NO_DATA, (platform, _settings, index) => {
    notes[index].platform = platform;
    return new NotingNode(platform, index, notes[index], () => world.cycle, scenario.cycle_ms);
  });
  return { world, notes };
}

class NotingNode implements WorldNode {
  readonly parts = {
    state: { b: [1], target: [1], cap: [1] },
    transport: { tag: 0, cycle: 0, drops: new Int32Array(bundle.api.DROP_NAMES.length), relayed: 0, sent: 0 },
  };
  private readonly view = new DataView(new ArrayBuffer(SLOT_BYTES));
  private count = 0;
  private readonly platform: Platform;
  private readonly index: number;
  private readonly notes: Notes;
  private readonly worldCycle: () => number;
  private readonly cycle_ms: number;

  constructor(platform: Platform, index: number, notes: Notes, worldCycle: () => number, cycle_ms: number) {
    this.platform = platform;
    this.index = index;
    this.notes = notes;
    this.worldCycle = worldCycle;
    this.cycle_ms = cycle_ms;
  }

  start(): void {
    this.notes.starts.push(this.worldCycle());
    this.notes.slots.push([this.stored(0), this.stored(1)]);
  }

  private stored(slot: number): string {
    const view = new DataView(new ArrayBuffer(SLOT_BYTES));
    return Buffer.from(view.buffer, 0, this.platform.store.read(slot, view)).toString('latin1');
  }

  untilDue(): number {
    return 0;
  }

  wake(): number {
    this.count++;
    this.view.setInt32(0, this.index);
    this.view.setInt32(4, this.count);
    this.platform.datagrams.send(this.view, SLOT_BYTES);
    // Whoever is handed the bytes late must have them as they were.
    this.view.setInt32(4, -1);
    const text = Buffer.from(String(this.count).padStart(SLOT_BYTES, '0'), 'latin1');
    this.platform.store.write(this.count & 1, new DataView(Uint8Array.from(text).buffer), SLOT_BYTES);
    return this.cycle_ms;
  }

  receive(view: DataView, _length: number, source: number): void {
    this.notes.heard.push({ from: source - 1, count: view.getInt32(4), cycle: this.worldCycle() });
  }

  receiveMedium(): void {
    throw new Error('these worlds have no second medium');
  }

  shutdown(): void {
    this.notes.shutdowns++;
  }

  digest(): number {
    return this.count;
  }
}

export function run(world: World, cycles: number): void {
  for (let i = 0; i < cycles; i++) world.step();
}
