/**
 * The laboratory: scripted peers around one target, a turn for each of its cycles. A turn sends right after the target
 * has spoken, so that everything is there long before it runs again; then it waits for what the target says, and holds
 * it against the model. A turn in which that order was not kept proves nothing, and is not counted.
 */
import { randomInt } from 'node:crypto';
import { type Forecast, KeyModel } from '../model/key-model.ts';
import { decode, type Heard, isOurs } from '../wire/decode.ts';
import { encodeBeacon, encodeHeader } from '../wire/encode.ts';
import { CLOCK_BYTES, type Diff, FLAG_HELLO, FLAG_SEALED } from '../wire/format.ts';
import type { Seal } from '../wire/seal.ts';
import { type Entry, Ledger } from './ledger.ts';
import { type Peer, randomTag, type Telling } from './peer.ts';
import type { Cell, Swarm } from './swarm.ts';

/** A turn whose sends began later than this share of a cycle after the target spoke may have missed its next run. */
const LATE_SHARE = 0.5;
/** Without a word for so many of its own sends the target is said to be silent, and never sooner than in three seconds. */
const SILENT_SENDS = 12;
const SILENT_MS_MIN = 3000;

/** The target no longer answers. */
export class Silence extends Error {}
/** Ctrl-C, or the time is over. */
export class Stopped extends Error {}

export interface Send {
  /** Index of the address. */
  from: number;
  /** Without a seal. */
  bytes: Buffer;
  /** False for a datagram that is to arrive as it is. */
  seal?: boolean;
}

export interface Turn {
  cycle: number;
  heard: Heard;
  /** False when nothing can be concluded from it. */
  clean: boolean;
  /** For the cell that is looked at: what the target said before, what it says now, and what the rules allow. */
  cell: Cell;
  before: Diff;
  b: Diff;
  c: Diff;
  forecast: Forecast | null;
  /** Whether b lies where the rules put it. */
  ok: boolean;
}

export interface LabOptions {
  send: (from: number, bytes: Buffer) => void;
  now_ms: () => number;
  cycle_ms: number;
  seal: Seal | null;
}

export class Lab {
  readonly ledger = new Ledger();
  readonly options: LabOptions;
  swarm: Swarm | null = null;
  peers: Peer[] = [];
  cycle_ms: number;
  /** Set from outside: ends the next wait. */
  stopped = '';
  /** While what the target has taken is not known: then nothing is learnt from how it moves. */
  guessing = false;
  readonly #models = new Map<Cell, KeyModel>();
  readonly #queue: Entry[] = [];
  #wake: () => void = () => undefined;

  constructor(options: LabOptions) {
    this.options = options;
    this.cycle_ms = options.cycle_ms;
  }

  /** A datagram from the target's address. */
  take(bytes: Buffer): void {
    if (!isOurs(bytes)) return;
    const { seal, now_ms } = this.options;
    const isSealed = (bytes.readUInt8(3) & FLAG_SEALED) !== 0;
    const open = isSealed && seal !== null ? seal.open(Buffer.from(bytes)) : bytes;
    // Without the key nothing but the header can be read; whose tag is wrong is no member.
    if (open === null) return;
    const heard = decode(open, seal?.bytes ?? (isSealed ? open.length - 18 : 0));
    const entry = this.ledger.note(bytes, heard, now_ms());
    if (entry === null) return;
    if (heard.beacon !== null && heard.beacon.cycle_ms >= 50) this.cycle_ms = heard.beacon.cycle_ms;
    this.#queue.push(entry);
    this.#wake();
  }

  stop(why: string): void {
    this.stopped = why;
    this.#wake();
  }

  /** @throws Silence, Stopped */
  async next(wait_ms = this.#silence_ms()): Promise<Entry> {
    const until = this.options.now_ms() + wait_ms;
    for (;;) {
      if (this.stopped !== '') throw new Stopped(this.stopped);
      const entry = this.#queue.shift();
      if (entry !== undefined) return entry;
      const left_ms = until - this.options.now_ms();
      if (left_ms <= 0) throw new Silence(`nothing came for ${Math.round(wait_ms)} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left_ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  #silence_ms(): number {
    const pace = this.ledger.last?.heard.pace ?? 1;
    return Math.max(SILENT_MS_MIN, SILENT_SENDS * this.cycle_ms * (pace > 1 ? pace / 3 : 1));
  }

  get probe(): Cell {
    const cell = this.swarm?.cells[0];
    if (cell === undefined) throw new Error('no key of the target is known yet');
    return cell;
  }

  model(cell: Cell): KeyModel {
    const known = this.#models.get(cell);
    if (known !== undefined) return known;
    const made = new KeyModel(cell.rules, this.swarm?.open ?? false);
    this.#models.set(cell, made);
    return made;
  }

  /** Whole numbers from -size to size. */
  random(size: number): number {
    return randomInt(-size, size + 1);
  }

  send({ from, bytes, seal = true }: Send): void {
    const { seal: closer } = this.options;
    if (closer === null || !seal) return this.options.send(from, bytes);
    bytes.writeUInt8(bytes.readUInt8(3) | FLAG_SEALED, 3);
    this.options.send(from, closer.close(Buffer.concat([bytes, this.#clock()])));
  }

  /** The swarm's clock, as a member keeps it: the largest of its own time and what it heard. */
  #clock(): Buffer {
    const clock = Buffer.alloc(CLOCK_BYTES);
    clock.writeUInt32BE(Math.max(Math.floor(Date.now() / 1000), this.ledger.last?.heard.clock_s ?? 0));
    return clock;
  }

  /** A newcomer's hello, with a tag that is not used again: it is answered by a beacon, and makes nobody known. */
  hail(swarm_id: number): void {
    const head = encodeHeader({ swarm_id, tag: randomTag(), cycle: 0, flags: FLAG_HELLO });
    this.send({ from: 0, bytes: Buffer.concat([head, encodeBeacon(randomTag(), this.cycle_ms)]) });
  }

  /** From when datagrams came, where no beacon has told it. */
  measureCycle(): void {
    const { entries } = this.ledger;
    const [first, last] = [entries.at(0), entries.at(-1)];
    if (first === undefined || last === undefined) return;
    const cycles = (last.heard.cycle - first.heard.cycle) | 0;
    if (cycles > 0) this.cycle_ms = (last.at_ms - first.at_ms) / cycles;
  }

  /** What an honest peer says, which the target must take. */
  tell(peer: Peer, telling: Telling = {}): void {
    this.send({ from: peer.address, bytes: peer.tell(this.peers.length, telling) });
    this.noteTaken(peer, telling);
  }

  /** The target takes what this peer says, by a datagram that was sent otherwise. */
  noteTaken(peer: Peer, telling: Telling = {}): void {
    for (const cell of this.swarm?.cells ?? []) {
      const { c, b } = telling.pair !== undefined && cell === this.probe ? telling.pair : peer.said(cell);
      this.model(cell).receive(telling.tag ?? peer.tag, c, b);
    }
  }

  noteForgotten(tag: number): void {
    for (const cell of this.swarm?.cells ?? []) this.model(cell).forget(tag);
  }

  leave(peer: Peer): void {
    this.send({ from: peer.address, bytes: peer.farewell() });
    this.noteForgotten(peer.tag);
  }

  /**
   * One cycle of the target.
   * @param after sent behind what the peers say: what it is for, the caller knows
   */
  async turn(after: readonly Send[] = [], cell: Cell = this.probe): Promise<Turn> {
    while (this.#queue.length > 0) this.#account(await this.next(), cell, false);
    const spoken_ms = this.ledger.last?.at_ms ?? this.options.now_ms();
    const isLate = this.options.now_ms() - spoken_ms > LATE_SHARE * this.cycle_ms * (this.ledger.last?.heard.pace ?? 1);
    for (const peer of this.peers) if (!peer.silent) this.tell(peer);
    for (const one of after) this.send(one);
    const before = this.ledger.last;
    const entry = await this.next();
    return this.#account(entry, cell, !isLate && entry.periods === (before?.heard.pace ?? 1));
  }

  /** @param intime whether what was sent in this turn was there before the target ran, and it ran once */
  #account({ heard, periods }: Entry, looked: Cell, intime: boolean): Turn {
    let found: Turn | null = null;
    for (const cell of this.swarm?.cells ?? []) {
      const model = this.model(cell);
      const pair = heard.sdms.find(({ shard }) => shard === cell.shard)?.pairs[cell.index];
      const { c = null, b = null } = pair ?? {};
      const before = model.b;
      const forecast = model.forecast(c, Math.max(1, periods));
      const isWhole = periods > 0 && heard.held === model.peers && intime;
      model.observe(b, forecast, isWhole && !this.guessing);
      if (cell !== looked) continue;
      const ok = forecast === null || (b === null ? forecast.may_hide : b >= forecast.low && b <= forecast.high);
      // Of a value that was not there before, nothing is forecast but where it settles.
      const clean = isWhole && before !== null;
      found = { cycle: heard.cycle, heard, clean, cell, before, b, c, forecast, ok };
    }
    if (found === null) throw new Error('a turn was asked for before any key was known');
    return found;
  }
}
