/** Attackers that tamper with what their node sends: lies about the agreed value, forged relays, replays, noise, floods. */

import type { WorldNode } from '../node.ts';
import type { Random } from '../random.ts';
import type { AttackKind } from '../scenario.ts';
import { AT_CYCLE, eachDiff, type ForgedEntry, withEntries } from './datagram.ts';
import type { Knowledge } from './knowledge.ts';

/** Entries of a forged datagram: as many as a receiver looks at. */
const ENTRIES = 16;
const INVENTED_TAGS = 20;
const FLOOD_DATAGRAMS = 200;
const REPLAY_MEMORY = 64;
const MUTATIONS_MAX = 8;
const NOISE_BYTES_MAX = 300;
/** lie-b: as far from the truth as a vote may be, or it is not counted: 0.9 of the guard's cap. */
const LIE_CAPS = 0.9;
/** `ahead` poisoners claim up to this many cycles ahead. */
const AHEAD_MAX = 50;

type Send = (view: DataView, length: number) => void;

export class Tamperer {
  private rotation = 0;
  private readonly heard: DataView[] = [];
  private readonly inventedTags: number[];

  private readonly kind: AttackKind;
  private readonly know: Knowledge;
  private readonly random: Random;

  constructor(kind: AttackKind, know: Knowledge, random: Random, sharedTags: number[]) {
    this.kind = kind;
    this.know = know;
    this.random = random;
    const own = Array.from({ length: INVENTED_TAGS }, () => random.word() | 1);
    this.inventedTags = kind === 'invent-collude' ? sharedTags : own;
  }

  /** Keeps a datagram to replay it. */
  overhear(view: DataView): void {
    if (this.kind !== 'replay') return;
    this.heard.push(view);
    if (this.heard.length > REPLAY_MEMORY) this.heard.shift();
  }

  /** Sends what the attacker sends in place of the honest datagram view[0..length). */
  send(node: WorldNode, view: DataView, length: number, cycle: number, send: Send): void {
    switch (this.kind) {
      case 'lie-b':
        this.lieAboutAgreed(node, view, length, send);
        return;
      case 'replay':
        send(view, length);
        for (const old of this.heard) send(old, old.byteLength);
        return;
      case 'malformed':
        this.sendMalformed(view, length, send);
        return;
      case 'flood':
        for (let i = 0; i < FLOOD_DATAGRAMS; i++) {
          view.setInt32(AT_CYCLE, (view.getInt32(AT_CYCLE) + 1) | 0);
          send(view, length);
        }
        return;
      default: {
        const entries = this.forge(cycle);
        if (entries.length === 0) {
          send(view, length);
          return;
        }
        const forged = withEntries(view, length, entries);
        send(forged, forged.byteLength);
      }
    }
  }

  /** The datagram's keys stand in the order of the key settings when there is one shard; with more, every key is lied about alike. */
  private lieAboutAgreed(node: WorldNode, view: DataView, length: number, send: Send): void {
    const { state } = node.parts;
    let key = 0;
    eachDiff(view, length, (at) => {
      const target = Math.max(0, state.target[key]);
      const lie = Math.min(this.know.high(key), target + Math.floor(LIE_CAPS * state.cap[key]));
      view.setInt32(at + 4, lie - this.know.reference(key));
      key = (key + 1) % this.know.keys;
    });
    send(view, length);
  }

  private sendMalformed(view: DataView, length: number, send: Send): void {
    const { random } = this;
    const mutated = new DataView(view.buffer.slice(view.byteOffset, view.byteOffset + length));
    for (let i = 1 + random.below(MUTATIONS_MAX); i > 0; i--)
      mutated.setUint8(random.below(length), random.word() & 0xff);
    send(mutated, random.uniform() < 0.5 ? length : random.below(length + 1));
    const noise = new DataView(new ArrayBuffer(1 + random.below(NOISE_BYTES_MAX)));
    for (let i = 0; i < noise.byteLength; i++) noise.setUint8(i, random.word() & 0xff);
    send(noise, noise.byteLength);
    send(view, length);
  }

  private forge(cycle: number): ForgedEntry[] {
    const victims = this.know.victims();
    const { kind } = this;
    if (kind.startsWith('invent')) {
      return this.entries(ENTRIES, () => {
        const tag = this.inventedTags[this.rotation++ % this.inventedTags.length];
        return this.entry(tag, cycle, kind !== 'invent-collude', kind === 'invent' ? 'extreme' : 'stealth');
      });
    }
    if (!kind.startsWith('poison') || victims.length === 0) return [];
    return this.entries(Math.min(ENTRIES, victims.length), () => {
      const victim = victims[this.rotation++ % victims.length];
      switch (kind) {
        case 'poison-collude':
          return this.entry(victim.tag, victim.cycle + 1, false, 'stealth');
        case 'poison-own':
          return this.entry(victim.tag, victim.cycle, true, 'extreme');
        case 'poison-stealth':
          return this.entry(victim.tag, victim.cycle + 1 + this.random.below(AHEAD_MAX), true, 'stealth');
        default:
          return this.entry(victim.tag, victim.cycle + 1 + this.random.below(AHEAD_MAX), true, 'extreme');
      }
    });
  }

  private entries(count: number, make: () => ForgedEntry): ForgedEntry[] {
    return Array.from({ length: count }, make);
  }

  private entry(tag: number, cycle: number, firstHand: boolean, value: 'extreme' | 'stealth'): ForgedEntry {
    const { know } = this;
    const diffs = Array.from({ length: know.keys }, (_, key) => {
      return (value === 'extreme' ? know.high(key) : know.stealth(key)) - know.reference(key);
    });
    return { tag, cycle, firstHand, age: 0, diffs };
  }
}
