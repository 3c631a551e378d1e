/**
 * One node's drift cycle once more, from drift.md's pseudocode and nothing else: Maps, sorts and BigInt, written to be
 * read beside that page. What the firmware does differently on purpose is marked with "Deviation".
 *
 * It covers what is heard directly: relays, gateways and low-power mode have tests of their own.
 */

export interface KeyRules {
  floor: number;
  span: number;
  low: number;
  high: number;
  guard: boolean;
}

/** Q16.16, or null where there is no value. */
type Value = bigint | null;

interface Peer {
  c: Value[];
  b: Value[];
  age: number;
  pk: number;
}

interface KeyState {
  b: Value;
  x: Value;
  E: bigint;
  bw: bigint;
  life: number;
  recovering: boolean;
  disagreements: number;
}

/** What the node says after its cycle. */
export interface Said {
  c: Value[];
  b: Value[];
  held: number;
  meanAge: number;
}

const ONE = 65_536n;

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const abs = (a: bigint): bigint => (a < 0n ? -a : a);
const clamp = (a: bigint, low: bigint, high: bigint): bigint => max(low, min(a, high));
const sum = (all: bigint[]): bigint => all.reduce((a, b) => a + b, 0n);

function floorDivide(a: bigint, n: bigint): bigint {
  return (a - (((a % n) + n) % n)) / n;
}

/** drift.md leaves rounding open: means go to the nearest (halves up), medians of an even number down. */
function mean(all: bigint[]): bigint {
  const n = BigInt(all.length);
  return floorDivide(2n * sum(all) + n, 2n * n);
}

function median(all: bigint[]): bigint {
  const sorted = all.toSorted((a, b) => Number(a - b));
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : floorDivide(sorted[middle - 1] + sorted[middle], 2n);
}

const isThere = (value: Value): value is bigint => value !== null;

export class ReferenceNode {
  readonly peers = new Map<number, Peer>();
  readonly keys: KeyState[];
  private readonly rules: KeyRules[];

  constructor(rules: KeyRules[]) {
    this.rules = rules;
    this.keys = rules.map(() => {
      return { b: null, x: null, E: ONE, bw: 0n, life: 0, recovering: false, disagreements: 0 };
    });
  }

  /** The same node, to try a cycle on. */
  copy(): ReferenceNode {
    const twin = new ReferenceNode(this.rules);
    for (const [tag, peer] of this.peers) twin.peers.set(tag, { ...peer });
    this.keys.forEach((key, i) => Object.assign(twin.keys[i], key));
    return twin;
  }

  /** "receive (peer, c, b)". NONE (-1), and what lies outside the range, is no value. */
  receive(tag: number, c: number[], b: number[]): void {
    const known = this.peers.get(tag);
    let pk = 854;
    if (known !== undefined) {
      const a = Math.max(1, known.age) * 16;
      pk = a >= known.pk ? a : known.pk - ((known.pk - a) >> 4);
    }
    this.peers.set(tag, { c: this.taken(c), b: this.taken(b), age: 0, pk });
  }

  private taken(values: number[]): Value[] {
    return values.map((value, key) => {
      const { low, high } = this.rules[key];
      return value < low || value > high ? null : BigInt(value);
    });
  }

  /** "cycle". `dither` is drawn from 0 to 2^sh - 1 for each key. */
  cycle(readings: number[], dither: bigint[]): Said {
    for (const [tag, peer] of this.peers) {
      peer.age++;
      if (peer.age > Math.min(Math.max((6 * peer.pk) >> 4, 32), 320)) this.peers.delete(tag);
    }
    const u = this.taken(readings);
    this.keys.forEach((_, key) => this.drift(key, u[key], dither[key]));
    const ages = [...this.peers.values()].map(({ age }) => age);
    return {
      c: u,
      b: this.keys.map(({ b, recovering }) => (recovering ? null : b)),
      held: ages.length,
      meanAge: ages.length === 0 ? 0 : Math.floor(ages.reduce((a, b) => a + b, 0) / ages.length),
    };
  }

  /** "sh is 2; 1 with 8 nodes or fewer". */
  shift(): bigint {
    return this.peers.size + 1 <= 8 ? 1n : 2n;
  }

  private drift(key: number, u: Value, dither: bigint): void {
    const { guard, floor } = this.rules[key];
    const state = this.keys[key];
    if (!state.recovering) this.openWindow(state);
    const L = [u, ...[...this.peers.values()].map(({ c }) => c[key])].filter(isThere);
    if (L.length === 0) {
      state.x = null;
      return;
    }
    const { x, med, cap, reject } = guard ? this.guarded(key, L, u) : unguarded(L);
    state.x = x;
    const V = this.votes(key, (c, b) => !guard || (abs(c - med) <= reject && abs(b - x) <= cap));
    const m = V.length < 3 ? x : clamp(median([...V, x]), x - cap, x + cap);
    const t = V.length < 3 ? x : m + ((x - m + dither) >> this.shift());

    const before = state.b;
    const D = t - (before ?? 0n);
    state.b = this.throughVaultGuard(state, D, BigInt(floor));
    const inside = V.length;
    const outside = this.votes(key, (c) => !guard || abs(c - med) <= reject).length - inside;
    // Deviation: while the node and most votes lie near the target, nobody is asked whether he agrees.
    const near = outside <= inside && before !== null && abs(before - x) <= cap;
    this.watchAgreement(state, near ? [] : this.votes(key, (c) => !guard || abs(c - med) <= reject), before, cap);
  }

  private guarded(key: number, L: bigint[], u: Value): { x: bigint; med: bigint; cap: bigint; reject: bigint } {
    const span = BigInt(this.rules[key].span);
    const n = BigInt(L.length);
    if (n < 6n) {
      const from = u ?? median(L);
      const x = max(0n, from + mean(L.map((value) => clamp(value - from, -span, span))));
      return { x, med: from, cap: span, reject: 2n * span };
    }
    const med = median(L);
    const mad = max(median(L.map((value) => abs(value - med))), BigInt(this.rules[key].floor));
    // Deviation: 48 instead of 16, measured in firmware/drift/guard.ts.
    const cap = min(3n * mad + floorDivide(48n * mad, n), span);
    // Deviation: beyond the span a contribution is left out as well, also measured there.
    const reject = min(2n * cap, span);
    const kept = L.filter((value) => abs(value - med) <= reject).map((value) => clamp(value - med, -cap, cap));
    return { x: kept.length === 0 ? med : max(0n, med + mean(kept)), med, cap, reject };
  }

  /** V: agreed values heard within 4 cycles, of peers whose own contribution and vote pass. */
  private votes(key: number, passes: (c: bigint, b: bigint) => boolean): bigint[] {
    const { guard } = this.rules[key];
    const V: bigint[] = [];
    for (const peer of this.peers.values()) {
      const [c, b] = [peer.c[key], peer.b[key]];
      if (peer.age > 4 || b === null || (guard && c === null)) continue;
      if (passes(c ?? 0n, b)) V.push(b);
    }
    return V;
  }

  private openWindow(state: KeyState): void {
    state.life++;
    if (state.life > 8 && (state.life - 9) % 16 === 0) state.bw = state.b ?? -1n;
  }

  private throughVaultGuard(state: KeyState, D: bigint, floor: bigint): bigint {
    const from = state.b ?? 0n;
    if (state.life <= 8) return max(0n, from + D);
    const limit = 8n * state.E + floor;
    const lowest = state.bw - (state.bw >> 2n) - floor;
    // The first value of all is no step from anywhere.
    const limited = state.b === null ? from + D : max(from + clamp(D, -limit, limit), min(lowest, from));
    state.E += (min(abs(D), limit) - state.E) >> 4n;
    return max(0n, limited);
  }

  /** Recovery: eight cycles in which most of the fresh peers disagree; left when they no longer do. */
  private watchAgreement(state: KeyState, votes: bigint[], b: Value, cap: bigint): void {
    const far = votes.filter((vote) => b === null || abs(vote - b) > cap).length;
    const most = far > votes.length - far;
    if (state.recovering) {
      if (!most) state.recovering = false;
      return;
    }
    state.disagreements = most ? state.disagreements + 1 : 0;
    if (state.disagreements < 8) return;
    state.recovering = true;
    state.disagreements = 0;
    state.life = 0;
  }
}

function unguarded(L: bigint[]): { x: bigint; med: bigint; cap: bigint; reject: bigint } {
  const wide = 1n << 40n;
  return { x: mean(L), med: 0n, cap: wide, reject: wide };
}
