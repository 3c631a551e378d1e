/** A member that is killed while it saves, and started again on what it stored. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readSlot } from '../../node-platform/store/slot-file.ts';
import type { SwarmProcess } from '../../swarm/processes.ts';
import type { NodeStatus } from '../status.ts';
import { memberAddress, memberFlags, started, type SwarmOrders } from './members.ts';

const SLOTS = ['slot0', 'slot1'] as const;
/** Said by a node that finds something wrong with its store. */
const COMPLAINTS: readonly unknown[] = ['state-corrupt', 'store-set-aside', 'store-error', 'store-failed'];

/** Whether each slot is whole, corrupt, of a newer version, or not there. */
export function slotKinds(folder: string): string[] {
  return SLOTS.map((slot) => {
    try {
      return readSlot(readFileSync(join(folder, slot))).kind;
    } catch {
      return 'none';
    }
  });
}

/** What a save had begun to write and did not put in its place: other than before, when another save was cut off. */
export function unfinished(folder: string): string {
  return SLOTS.map((slot) => {
    const found = statSync(join(folder, `${slot}.new`), { throwIfNoEntry: false });
    return found === undefined ? '' : `${found.ino} ${found.mtimeMs}`;
  }).join(',');
}

/** Whether a save was cut off between two looks: something unfinished is there, and it is new. */
export function wasCut(before: string, after: string): boolean {
  return after.split(',').some((file, slot) => file !== '' && file !== before.split(',')[slot]);
}

export interface MortalCounts {
  kills: number;
  /** Of the kills: those that cut off a write. */
  cut: number;
  /** Slots that a kill left neither whole nor unwritten. */
  broken: number;
  /** Starts on a stored state that was not loaded, was older than the one before, or was complained of. */
  unloaded: number;
}

export class Mortal {
  readonly counts: MortalCounts = { kills: 0, cut: 0, broken: 0, unloaded: 0 };
  readonly #args: readonly string[];
  readonly #folder: string;
  readonly #onStatus: (status: NodeStatus) => void;
  #process: SwarmProcess | null = null;
  #crash: Error | null = null;
  #sequence = 0;

  constructor(orders: SwarmOrders, index: number, readings: readonly number[], onStatus: (status: NodeStatus) => void) {
    this.#folder = join(orders.folder, `state${index}`);
    this.#args = [...memberFlags(orders, memberAddress(index), readings), '--state', this.#folder];
    this.#onStatus = onStatus;
  }

  /** Until its first cycle. */
  async start(): Promise<void> {
    const stored = slotKinds(this.#folder).includes('whole');
    let loaded = -1;
    let complaints = 0;
    let onCycle: () => void = () => undefined;
    const cycle = new Promise<void>((resolve) => (onCycle = resolve));
    this.#process = await started(
      'node',
      this.#args,
      (line) => {
        if (line.type === 'state-loaded') loaded = Number(line.sequence);
        if (COMPLAINTS.includes(line.type)) complaints++;
        if (line.type !== 'status') return;
        onCycle();
        this.#onStatus(line as unknown as NodeStatus);
      },
      (error) => (this.#crash = error),
    );
    await cycle;
    if (complaints > 0 || (stored && loaded < this.#sequence)) this.counts.unloaded++;
    this.#sequence = loaded;
  }

  /** Asked to end it saves: what it has not done after `wait_ms` it never does. */
  async kill(wait_ms: number): Promise<void> {
    const before = unfinished(this.#folder);
    const signal = await this.#process?.end(wait_ms);
    if (this.#crash !== null) throw this.#crash;
    if (signal !== 'SIGKILL') return;
    this.counts.kills++;
    if (wasCut(before, unfinished(this.#folder))) this.counts.cut++;
    this.counts.broken += slotKinds(this.#folder).filter((kind) => kind !== 'whole' && kind !== 'none').length;
  }

  async end(): Promise<void> {
    await this.#process?.end();
  }
}
