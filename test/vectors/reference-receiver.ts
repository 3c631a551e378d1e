/**
 * What a receiver makes of datagrams, written from docs/protocol.md alone: what it takes of one, and the reasons to refuse
 * it that depend on what came before. Relayed entries are taken as they are; their rules are not here.
 */
import type { Fields, Mean, MeanDiff, Taken, VectorKey, VectorSettings } from './format.ts';
import { decode, Refused, siteIdOf } from './reference-codec.ts';

const CLAIM_WEIGHT_MAX = 2 ** 20;
const SITE_WEIGHT_MAX = 2 ** 14;
const ENTRIES_MAX = 16;
const SOURCE_RATE = 16;
const RESTART_IDS = 8;
const SITES_MAX = 64;
const GATEWAYS_MAX = 4;
const REPLAY_WINDOW_S = 64;

function valueOf(key: VectorKey, diff: number | null): number | null {
  const value = diff === null ? null : diff + key.reference;
  return value !== null && value >= key.low && value <= key.high ? value : null;
}

/** What the fields say once ranges and largest weights are minded. */
export function takenOf(fields: Fields, settings: VectorSettings): Taken {
  const keyOf = (name: string): VectorKey => settings.keys.find((key) => key.name === name) ?? settings.keys[0];
  const taken: Taken = { range: 0 };
  const meansOf = (vector: MeanDiff[], weight_max: number): Record<string, Mean | null> =>
    Object.fromEntries(
      vector.map(({ key, value: diff, weight }) => {
        const value = valueOf(keyOf(key), diff);
        const there = value !== null && weight > 0;
        return [key, there ? { value, weight: Math.min(weight, weight_max) } : null];
      }),
    );
  for (const message of fields.messages) {
    if (message.type === 'sdm') {
      taken.sensors ??= Object.fromEntries(settings.keys.map(({ name }) => [name, { c: null, b: null }]));
      for (const { key, c, b } of message.diff_vector) {
        const one = valueOf(keyOf(key), c);
        if (c !== null && one === null) taken.range++;
        taken.sensors[key] = { c: one, b: b === null ? null : b + keyOf(key).reference };
      }
    } else if (message.type === 'claims') {
      taken.claims = { ...taken.claims, ...meansOf(message.diff_vector, CLAIM_WEIGHT_MAX) };
    } else if (message.type === 'site') {
      taken.site = meansOf(message.diff_vector, SITE_WEIGHT_MAX);
    } else if (message.type === 'relay') {
      taken.relayed = message.entries
        .slice(0, ENTRIES_MAX)
        .filter(({ tag }) => tag !== 0)
        .map(({ diffs, ...entry }) => ({
          ...entry,
          values: Object.fromEntries(settings.keys.map((key, i) => [key.name, valueOf(key, diffs[i])])),
        }));
    }
  }
  return taken;
}

interface Sender {
  source: number;
  last: number;
  stale: number;
  stale_count: number;
}

/** Judges datagrams one after the other, all within one cycle. */
export class ReferenceReceiver {
  private readonly senders = new Map<number, Sender>();
  private readonly sites = new Map<number, Map<number, number>>();
  private readonly rates = new Map<number, number>();
  private readonly settings: VectorSettings;
  private readonly own_tag: number;

  private clock_s: number;

  constructor(settings: VectorSettings, own_tag: number, clock_s: number) {
    this.settings = settings;
    this.own_tag = own_tag;
    this.clock_s = clock_s;
  }

  /** The reason why it is refused, a word of DROP_NAMES, or 'none'. */
  receive(bytes: Uint8Array, source: number, medium: boolean): string {
    try {
      const fields = decode(
        bytes,
        this.settings,
        () => this.admit(source),
        (clock_s) => this.isFresh(clock_s),
      );
      return medium ? this.judgeMedium(fields) : this.judge(fields, source);
    } catch (error) {
      if (error instanceof Refused) return error.reason;
      throw error;
    }
  }

  private admit(source: number): boolean {
    const used = (this.rates.get(source) ?? 0) + 1;
    if (used > SOURCE_RATE) return false;
    this.rates.set(source, used);
    return true;
  }

  private isFresh(clock_s: number): boolean {
    if (clock_s < this.clock_s - REPLAY_WINDOW_S) return false;
    if (clock_s > this.clock_s + REPLAY_WINDOW_S) this.senders.clear();
    this.clock_s = Math.max(this.clock_s, clock_s);
    return true;
  }

  private judge(fields: Fields, source: number): string {
    const { tag, cycle, flags, messages } = fields;
    if (tag === this.own_tag) return 'echo';
    const sender = this.senders.get(tag);
    if (sender === undefined) {
      if (!messages.some(({ type }) => type === 'sdm')) return 'none';
      for (const [old, { source: its }] of this.senders) if (its === source) this.senders.delete(old);
      this.senders.set(tag, { source, last: cycle, stale: 0, stale_count: 0 });
      return 'none';
    }
    if (sender.source !== source) return 'source';
    if (!isNewer(sender, cycle, this.settings.seal_bytes > 0)) return 'stale';
    if (flags.includes('leaving')) this.senders.delete(tag);
    return 'none';
  }

  private judgeMedium({ tag, cycle, messages }: Fields): string {
    const message = messages.find(({ type }) => type === 'site');
    if (message?.type !== 'site') return 'type';
    if (message.site === siteIdOf(this.settings.site)) return 'echo';
    let gateways = this.sites.get(message.site);
    if (gateways === undefined) {
      if (this.sites.size === SITES_MAX) return 'full';
      gateways = new Map();
      this.sites.set(message.site, gateways);
    }
    const last = gateways.get(tag);
    if (last !== undefined && ((cycle - last) | 0) <= 0) return 'stale';
    if (last === undefined && gateways.size === GATEWAYS_MAX) return 'full';
    gateways.set(tag, cycle);
    return 'none';
  }
}

function isNewer(sender: Sender, cycle: number, sealed: boolean): boolean {
  if (((cycle - sender.last) | 0) > 0) {
    sender.stale_count = 0;
    sender.last = cycle;
    return true;
  }
  if (sealed) return false;
  sender.stale_count = ((cycle - sender.stale) | 0) > 0 ? sender.stale_count + 1 : 1;
  sender.stale = cycle;
  if (sender.stale_count < RESTART_IDS) return false;
  sender.stale_count = 0;
  sender.last = cycle;
  return true;
}
