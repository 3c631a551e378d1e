/**
 * A swarm that is not there: twelve peers, of which one lies and one has a bad sensor, three keys, two other sites. It
 * moves by `advance` alone, and reacts to the what-if as a swarm does: less is heard, ages rise, the spread grows.
 */
import type { HistoryColumns } from '../../http/options.ts';
import type { Alarm, Contribution, KeyView, PeerView, Snapshot, SourceView, Verdict } from '../../view.ts';
import { normal, type Random, seeded } from './random.ts';

const DAY_MS = 86_400_000;
const CYCLE_MS = 1000;
/** The other sites' gateways are heard that often. */
const SITE_CYCLES = 10;

interface FakeKey {
  name: string;
  unit: string;
  base: number;
  /** How far a day goes up and down. */
  swing: number;
  /** Deviation of honest sensors. */
  noise: number;
}

const KEYS: readonly FakeKey[] = [
  { name: 'temperature', unit: '°C', base: 21.4, swing: 1.8, noise: 0.16 },
  { name: 'humidity', unit: '%', base: 46, swing: 6, noise: 0.9 },
  { name: 'pressure', unit: 'hPa', base: 1013.2, swing: 2.4, noise: 0.35 },
  { name: 'co2', unit: 'ppm', base: 620, swing: 140, noise: 14 },
];

const PEERS = [
  '07c41d9e',
  '1a2b3c4d',
  '2f90ab17',
  '3e5d7706',
  '58c0f1a2',
  '6b1e44d8',
  '7d03b95c',
  '8ac6e210',
  '93f7185b',
  'a44c0e69',
  'c81d52f3',
  'e6907ab4',
];
const LIAR = 'c81d52f3';
const DRIFTING = '6b1e44d8';

function courseOf(key: FakeKey, time_ms: number): number {
  const day = (time_ms % DAY_MS) / DAY_MS;
  const slow = Math.sin(2 * Math.PI * (day - 0.35)) * key.swing;
  return key.base + slow + Math.sin(time_ms / 1.7e6) * key.swing * 0.12 + Math.sin(time_ms / 3.1e5) * key.swing * 0.03;
}

export class FakeCore {
  readonly #random: Random;
  readonly #offsets = new Map<string, number>();
  readonly #ages = new Map<string, number>();
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  readonly #drops = new Map(Object.entries({ stale: 412, echo: 96, rate: 0, magic: 7, seal: 3 }));
  #whatIf: Snapshot['what_if'] = null;
  #strain = 0;
  #cycle = 184_220;
  #time_ms: number;
  #latest: Snapshot | null = null;
  alarms: Alarm[];

  constructor(seed: number, start_ms: number) {
    this.#random = seeded(seed);
    this.#time_ms = start_ms;
    for (const peer of ['own', ...PEERS]) {
      for (const { name } of KEYS) this.#offsets.set(`${peer} ${name}`, normal(this.#random));
      this.#ages.set(peer, 0);
    }
    this.alarms = [
      {
        id: 'trust',
        severity: 'warning',
        since_ms: start_ms - 1_260_000,
        text: `the guard leaves out most of what peer ${LIAR} says of temperature`,
      },
    ];
  }

  /** One cycle, and everyone hears of it. */
  advance(): Snapshot {
    this.#cycle++;
    this.#time_ms += CYCLE_MS;
    if (this.#whatIf !== null && this.#time_ms >= this.#whatIf.until_ms) this.#whatIf = null;
    const loss = this.#whatIf?.loss ?? 0;
    this.#strain += (loss - this.#strain) * 0.35;
    for (const peer of PEERS) {
      const lost = this.#random() < Math.max(loss, 0.03);
      this.#ages.set(peer, lost ? (this.#ages.get(peer) ?? 0) + 1 : 0);
      if (lost && loss > 0) this.#count('what-if');
    }
    if (this.#random() < 0.2) this.#count('stale');
    this.#latest = this.#snapshot();
    for (const listener of this.#listeners) listener(this.#latest);
    return this.#latest;
  }

  latest = (): Snapshot | null => this.#latest;

  subscribe = (listener: (snapshot: Snapshot) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  whatIf = (loss: number, seconds: number): void => {
    this.#whatIf = loss === 0 ? null : { loss, until_ms: this.#time_ms + seconds * 1000 };
  };

  /** A day of it, thinned out as asked. */
  query = (name: string, from_ms: number, to_ms: number, points: number): HistoryColumns | null => {
    const key = KEYS.find((one) => one.name === name);
    if (key === undefined) return null;
    const columns: HistoryColumns = { time_ms: [], agreed: [], spread: [], own: [] };
    const start_ms = Math.max(from_ms, this.#time_ms - DAY_MS);
    const random = seeded(7);
    for (let i = 0; i < points; i++) {
      const time_ms = Math.round(start_ms + ((Math.min(to_ms, this.#time_ms) - start_ms) * i) / points);
      const gap = time_ms % DAY_MS > 0.21 * DAY_MS && time_ms % DAY_MS < 0.215 * DAY_MS;
      const agreed = courseOf(key, time_ms);
      columns.time_ms.push(time_ms);
      columns.agreed.push(gap ? null : agreed);
      columns.own.push(gap ? null : agreed + this.#offset('own', key) + normal(random) * key.noise * 0.05);
      columns.spread.push(gap ? null : key.noise * (0.05 + random() * 0.03));
    }
    return columns;
  };

  #offset(peer: string, { name, noise }: FakeKey): number {
    return (this.#offsets.get(`${peer} ${name}`) ?? 0) * noise * 0.8;
  }

  #count(reason: string): void {
    this.#drops.set(reason, (this.#drops.get(reason) ?? 0) + 1);
  }

  #snapshot(): Snapshot {
    const loss = this.#whatIf?.loss ?? 0;
    const received = Math.round((1 - loss) * 81_400 + normal(this.#random) * 300);
    return {
      time_ms: this.#time_ms,
      site: 'Lime Street greenhouse',
      swarm: 'greenhouses',
      sealed: true,
      cycle: this.#cycle,
      cycle_ms: CYCLE_MS,
      low_power: false,
      keys: KEYS.map((key) => this.#key(key)),
      peers: PEERS.map((peer) => this.#peer(peer)),
      sources: this.#sources(),
      sites: this.#sites(),
      alarms: [...this.alarms],
      drops: Object.fromEntries(this.#drops),
      bytes_per_minute: { sent: 6840, received: Math.max(0, received) },
      what_if: this.#whatIf,
    };
  }

  #key(key: FakeKey): KeyView {
    const middle = courseOf(key, this.#time_ms);
    const cap = key.noise * 1.6;
    const contributions = ['own', ...PEERS].map((peer) => this.#contribution(key, peer, middle, cap));
    const spread = key.noise * (0.05 + this.#random() * 0.03 + this.#strain * (0.5 + this.#random() * 0.4));
    return {
      name: key.name,
      unit: key.unit,
      agreed: middle + normal(this.#random) * key.noise * (0.01 + this.#strain * 0.1),
      spread,
      own: contributions[0]?.value ?? null,
      mean: middle,
      sensors: contributions.length,
      band: { middle, cap, reject: 2 * cap },
      contributions,
      recovering: false,
    };
  }

  #contribution(key: FakeKey, peer: string, middle: number, cap: number): Contribution {
    let offset = this.#offset(peer, key) + normal(this.#random) * key.noise * 0.05;
    if (key.name === 'temperature' && peer === LIAR) offset = 34;
    if (key.name === 'temperature' && peer === DRIFTING) offset = cap * (1.35 + 0.1 * Math.sin(this.#cycle / 20));
    const age_cycles = this.#ages.get(peer) ?? 0;
    const off = Math.abs(offset);
    const counted: Verdict = off > 2 * cap ? 'left-out' : off > cap ? 'clamped' : 'inside';
    return { peer, value: middle + offset, age_cycles, verdict: age_cycles > 12 ? 'not-counted' : counted };
  }

  #peer(peer: string): PeerView {
    const trust = peer === LIAR ? 0.46 : peer === DRIFTING ? 0.82 : 1;
    return { peer, age_cycles: this.#ages.get(peer) ?? 0, trust, holds: 4, pace: 1 };
  }

  #sources(): SourceView[] {
    const since_ms = this.#time_ms - 12_400_000;
    const value = (name: string): number | null => {
      const key = KEYS.find((one) => one.name === name);
      return key === undefined ? null : courseOf(key, this.#time_ms) + this.#offset('own', key);
    };
    return [
      { key: 'temperature', kind: 'mqtt', state: 'ok', value: value('temperature'), since_ms, text: '' },
      { key: 'humidity', kind: 'mqtt', state: 'ok', value: value('humidity'), since_ms, text: '' },
      { key: 'pressure', kind: 'serial', state: 'ok', value: value('pressure'), since_ms, text: '' },
      {
        key: 'co2',
        kind: 'file',
        state: 'silent',
        value: 633,
        since_ms: this.#time_ms - 408_000,
        text: 'nothing for 6 minutes; at least every 30 s is configured',
      },
    ];
  }

  #sites(): Snapshot['sites'] {
    const site = (name: string, gateways: number, shift: number): Snapshot['sites'][number] => ({
      site: name,
      gateways,
      age_s: (this.#cycle + gateways) % SITE_CYCLES,
      keys: KEYS.slice(0, 2).map((key) => ({
        name: key.name,
        value: courseOf(key, this.#time_ms) + shift * key.swing,
        weight: 4 + gateways,
      })),
    });
    return [site('Harbour', 1, 0.4), site('Mill Road', 2, -0.7)];
  }
}
