/**
 * What the target's agreed value of one key must be after its next cycle, by docs/drift.md: not one number but the least
 * and the largest that the rules allow, because a step is rounded by chance, and because the target's anomaly energy and
 * drain window began before we came. Each forecast starts from the value that the target said last, so nothing adds up.
 */
import type { Diff } from '../wire/format.ts';
import { type Band, bandOf, clamp, median, type Rules } from './band.ts';
import { createLimits, forecastLimited, learnNothing, learnStep, type Limits, restartLimits } from './limits.ts';

const SMALL_SWARM = 8;
const VOTE_AGE = 4;
const VOTERS_MIN = 3;
const VOTERS_MIN_OPEN = 1;
/** Cycles in a row in which most votes lie far from b, after which it is in recovery. */
const DISAGREE_CYCLES = 8;

interface Peer {
  c: Diff;
  b: Diff;
  age: number;
}

export interface Forecast {
  band: Band;
  /** Contributions that count, the target's own among them. */
  n: number;
  /** Votes that count. */
  votes: number;
  /** The step that is asked for, before VaultGuard: either of two neighbouring numbers, by chance, where the cut-off part is not 0. */
  asked: readonly [number, number];
  /** Chance of the larger one. */
  upper_share: number;
  /** Least and largest b that the rules allow. */
  low: number;
  high: number;
  /** Whether the target may keep its value to itself: it may be in recovery. */
  may_hide: boolean;
}

export class KeyModel {
  readonly rules: Rules;
  readonly limits: Limits;
  /** What the target said last. */
  b: Diff = null;
  readonly #peers = new Map<number, Peer>();
  readonly #voters_min: number;
  #disagreed = 0;

  constructor(rules: Rules, open: boolean) {
    this.rules = rules;
    this.limits = createLimits(rules);
    this.#voters_min = open ? VOTERS_MIN_OPEN : VOTERS_MIN;
  }

  get peers(): number {
    return this.#peers.size;
  }

  /** A datagram that the target must take. */
  receive(tag: number, c: Diff, b: Diff): void {
    const counts = c !== null && c >= this.rules.low && c <= this.rules.high;
    this.#peers.set(tag, { c: counts ? c : null, b, age: 0 });
  }

  forget(tag: number): void {
    this.#peers.delete(tag);
  }

  forgetAll(): void {
    this.#peers.clear();
  }

  /** The target has run, `periods` nominal cycles after the run before, with its own reading `own`. */
  forecast(own: Diff, periods: number): Forecast | null {
    for (const peer of this.#peers.values()) peer.age += periods;
    const all = [own, ...[...this.#peers.values()].map(({ c }) => c)].filter((c) => c !== null);
    if (all.length === 0) return null;
    const band = bandOf(all, own, this.rules);
    const fresh = this.#fresh(band, periods);
    const votes = fresh.filter((b) => Math.abs(b - band.x) <= band.cap);
    this.#disagreed = this.#disagrees(band, fresh, votes.length) ? this.#disagreed + 1 : 0;
    const middle =
      votes.length < this.#voters_min
        ? band.x
        : clamp(median([...votes, band.x]), band.x - band.cap, band.x + band.cap);
    const shift = this.#peers.size + 1 <= SMALL_SWARM ? 1 : 2;
    const way = band.x - middle;
    const low = middle + Math.floor(way / 2 ** shift);
    const rest = way - Math.floor(way / 2 ** shift) * 2 ** shift;
    const from = this.b;
    const asked: [number, number] = [low - (from ?? 0), low + (rest === 0 ? 0 : 1) - (from ?? 0)];
    const reached = from === null ? asked : forecastLimited(this.limits, from, asked);
    const { zero } = this.rules;
    return {
      band,
      n: all.length,
      votes: votes.length,
      asked,
      upper_share: rest / 2 ** shift,
      low: Math.max(zero, reached[0]),
      high: Math.max(zero, reached[1]),
      may_hide: from === null || this.#disagreed >= DISAGREE_CYCLES,
    };
  }

  /**
   * What the target said after that cycle.
   * @param isSure whether the forecast was made from all that the target knew
   */
  observe(b: Diff, forecast: Forecast | null, isSure: boolean): void {
    if (this.b !== null && (b === null || !isSure)) learnNothing(this.limits);
    else if (this.b !== null && b !== null && forecast !== null) learnStep(this.limits, forecast.asked, b);
    if (b === null) restartLimits(this.limits);
    this.b = b;
  }

  /** Agreed values said not long ago by peers whose own contribution the guard lets through. */
  #fresh(band: Band, periods: number): number[] {
    const found: number[] = [];
    for (const { c, b, age } of this.#peers.values()) {
      if (b === null || age > VOTE_AGE + periods - 1) continue;
      if (!this.rules.guard || (c !== null && Math.abs(c - band.med) <= band.reject)) found.push(b);
    }
    return found;
  }

  #disagrees({ x, cap }: Band, fresh: readonly number[], inside: number): boolean {
    const { b } = this;
    if (b === null || (fresh.length - inside <= inside && Math.abs(b - x) <= cap)) return false;
    const far = fresh.filter((vote) => Math.abs(vote - b) > cap).length;
    return far > fresh.length - far;
  }
}
