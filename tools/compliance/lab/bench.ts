/** The laboratory as the clauses use it: peers that say simple things around the target's own reading. */
import { GUARD_MIN } from '../model/band.ts';
import { type Diff, ONE } from '../wire/format.ts';
import { type Lab, type Send, Silence, type Turn } from './lab.ts';
import { Peer } from './peer.ts';
import { type Cell, UNTOLD_AMPLITUDE, valueText } from './swarm.ts';
import type { Trace } from './trace.ts';

/** With the target they are seven: enough for the guard's median, and few enough for the half-way pull. */
export const PEERS_USUAL = 6;
/** With the target five: below six contributions nothing is left out, so whatever counts shows. */
export const SPEAKERS_FEW = GUARD_MIN - 2;

/** Cycles in which b comes to rest, at most: a limit that grows by two fifths a cycle reaches any span in fewer. */
const SETTLE_TURNS_MAX = 60;

export interface Hearing {
  /** Peers that the target held in the end. */
  held: number;
  /** Why nothing that takes being heard, by a target that hears nobody else, can be looked at; '' where it can. */
  why: string;
}

export interface BenchOptions {
  quick: boolean;
  /** Tags that one address may speak for. */
  per_address: number;
  addresses: number;
  /** How long to wait for a restart that somebody makes; 0: none is awaited. */
  restart_ms: number;
  /** Tells the user something that cannot wait. */
  notify: (text: string) => void;
}

export class Bench {
  readonly lab: Lab;
  readonly options: BenchOptions;
  /** Around which contributions lie: the target's own reading, where it has one. */
  home = 0;
  /** What came of joining the target's swarm. */
  hearing: Hearing = { held: 0, why: 'the target’s swarm was not joined' };
  /** How far from it honest contributions lie: what changes by as much is not yet a large change. */
  amplitude = UNTOLD_AMPLITUDE;

  constructor(lab: Lab, options: BenchOptions) {
    this.lab = lab;
    this.options = options;
  }

  get peersMax(): number {
    return this.options.addresses * this.options.per_address;
  }

  get peers(): Peer[] {
    return this.lab.peers;
  }

  get cell(): Cell {
    return this.lab.probe;
  }

  text(diff: Diff): string {
    return valueText(diff, this.cell);
  }

  /** Chooses where to work, from what the target said first. */
  place(c: Diff, b: Diff): void {
    const { rules } = this.cell;
    // Steps below the floor are never limited, so what they come to is known to the lsb.
    if (this.cell.settings !== null) this.amplitude = Math.max(64, Math.floor(0.4 * rules.floor[0]));
    const start = c ?? b ?? (this.cell.settings === null ? 0 : (rules.low + rules.high) / 2);
    this.home = Math.round(Math.max(rules.low + this.amplitude, Math.min(start, rules.high - this.amplitude)));
  }

  /** Within the range of contributions. */
  inRange(diff: number): number {
    const { low, high } = this.cell.rules;
    return Math.round(Math.max(low, Math.min(diff, high)));
  }

  join(count: number): void {
    const { swarm } = this.lab;
    if (swarm === null) return;
    for (let i = this.peers.length; i < Math.min(count, this.peersMax); i++) {
      this.peers.push(new Peer(swarm, i % this.options.addresses));
    }
  }

  /** The first `speakers` contribute what `of` gives; nobody else does, and nobody votes. */
  say(of: (index: number) => Diff, speakers = SPEAKERS_FEW): void {
    this.peers.forEach((peer, i) => {
      peer.silent = false;
      const c = i < speakers ? of(i) : null;
      peer.say(this.cell, { c: c === null ? null : this.inRange(c), b: null });
    });
  }

  /** All is calm: few speakers near home, until b has come to rest there. */
  async settle(speakers = SPEAKERS_FEW, around = this.home): Promise<Turn> {
    this.say((i) => around + (i % 2 === 0 ? -16 * (i + 1) : 16 * i), speakers);
    let misses = 0;
    for (let i = 0; ; i++) {
      const turn = await this.lab.turn();
      if (turn.clean && !turn.ok) misses++;
      const rests = turn.clean && turn.forecast !== null && Math.abs((turn.b ?? 0) - turn.forecast.band.x) <= 1;
      if (i >= 2 && rests) return turn;
      if (i >= SETTLE_TURNS_MAX || misses > 4) return turn;
    }
  }

  async watch(trace: Trace, turns: number, before: (i: number) => readonly Send[] | undefined): Promise<void> {
    for (let i = 0; i < turns; i++) trace.add(await this.lab.turn(before(i) ?? []));
  }

  /** A turn in which `make` sends something in the peer's place, behind what it says itself: taken, it would stand. */
  async turnBehind(peer: Peer, make: () => readonly Send[]): Promise<Turn> {
    this.lab.tell(peer);
    peer.silent = true;
    const turn = await this.lab.turn(make());
    peer.silent = false;
    return turn;
  }

  /** A turn after which only silence would be remarkable: '' or what happened. */
  async outlives(work: () => Promise<void>): Promise<string> {
    try {
      await work();
      return '';
    } catch (error) {
      if (error instanceof Silence) return error.message;
      throw error;
    }
  }

  /** In the key's unit, for distances. */
  size(diff: number): string {
    return (diff / ONE).toFixed(4);
  }
}
