/**
 * The peer-based drift: the pull to the guarded mean of the contributions held, through the median of the peers' agreed
 * values (drift.md, "The cycle"). One key a call; what it finds goes into `pull`.
 */

import { DIFF_NONE } from '../fixed/diff.ts';
import { clamp, divideFloor } from '../fixed/q16.ts';
import { selectMedian } from '../fixed/sorted.ts';
import { NONE } from '../platform.ts';
import { type KeySettings, SCOPE_ALL } from '../settings.ts';
import type { GatewayTable } from '../types/gateways.ts';
import { createPull, type Pull } from '../types/pull.ts';
import type { DriftCoefficients } from '../types/state.ts';
import { COUNTED, DIRECT_AGE, type PeerTable, PENALTY, ROW, type SlotArray } from '../types/table.ts';
import { locate } from './guard.ts';
import { type Claim, joinSites } from './sites.ts';

/** A whole contribution, in units of trust. */
const WHOLE = 256;

/** What the drift of every key works on; made once, because a cycle allocates nothing and arguments cost steps. */
export interface DriftCore {
  readonly table: PeerTable;
  readonly gateways: GatewayTable;
  readonly coefficients: DriftCoefficients;
  /** What is found of the key at hand. */
  readonly pull: Pull;
  /** The contributions gathered, in rising order; then the votes. */
  readonly values: number[];
  /** Where the values of those peers begin whose agreed values are fresh enough to vote, for every key of this cycle. */
  readonly voters: number[];
  voterCount: number;
  /** What was found of each key whose contributions have not changed since. */
  readonly bands: Int32Array;
  /** Sum of the contributions gathered. */
  sum: number;
  readonly claim: Claim;
}

export function createDriftCore(table: PeerTable, gateways: GatewayTable, alpha: number): DriftCore {
  const zeros = (): number[] => new Array<number>(table.capacity + 1).fill(0);
  return {
    table,
    gateways,
    coefficients: { alpha, shift: 2, vote_age_max: 4, voters_min: 3, partial: false },
    pull: createPull(),
    values: zeros(),
    voters: zeros(),
    voterCount: 0,
    bands: new Int32Array(table.keys * BAND),
    sum: 0,
    claim: { value: 0, weight: 0 },
  };
}

/** Lists the peers that were heard directly not long ago. */
export function chooseVoters(core: DriftCore): void {
  const table = core.table;
  const rows = table.rows;
  const voters = core.voters;
  const width = table.keys * 2;
  const age_max = core.coefficients.vote_age_max;
  let n = 0;
  let age: number;
  for (let slot = 1; slot < table.count; slot++) {
    age = rows[slot * ROW + DIRECT_AGE];
    if (age >= 0 && age <= age_max) voters[n++] = slot * width;
  }
  core.voterCount = n;
}

/**
 * `b` is the agreed value so far (NONE before the first). Fills `pull`; false where nothing is known of the key, and then
 * only `pull.n` is, as 0.
 */
export function computeDriftFromDiffs(core: DriftCore, key: number, settings: KeySettings, b: number): boolean {
  const pull = core.pull;
  const reference = settings.reference;
  const recall = core.table.changed[key] === 0;
  const check = recall ? recallBand(core, key) : findBand(core, key, settings);
  pull.recalled = recall;
  if (settings.scope === SCOPE_ALL) {
    pull.recalled = false;
    if (!joinOthers(core, key, settings)) return false;
  } else {
    if (pull.n === 0) return false;
    if (pull.x < -reference) pull.x = -reference;
    pull.target = pull.x;
  }
  const diff = b === NONE ? DIFF_NONE : b - reference;
  countVotes(core, key, check, diff);
  pullThroughMedian(b === NONE ? -reference : diff, core.coefficients.shift, pull);
  return true;
}

/** Integers of a key's row in `core.bands`: n, x, med, cap, reject. */
const BAND = 5;

/**
 * Finds the mean and the band from the contributions, and keeps them for as long as these do not change. True when votes
 * must be held against the band, because a contribution lies outside it or is missing; such a key is reckoned every time.
 */
function findBand(core: DriftCore, key: number, settings: KeySettings): boolean {
  const { table, pull, bands } = core;
  const from = gatherSorted(core, key);
  locate(core.values, from, table.count, core.sum, table.values[key * 2], settings, pull);
  const clipped = pull.clippedLow + pull.clippedHigh;
  if (clipped > 0) judge(core, key, from);
  if (clipped > 0 || from > 0) return settings.guard;
  const at = key * BAND;
  bands[at] = pull.n;
  bands[at + 1] = pull.x;
  bands[at + 2] = pull.med;
  bands[at + 3] = pull.cap;
  bands[at + 4] = pull.reject;
  table.changed[key] = 0;
  return false;
}

function recallBand(core: DriftCore, key: number): boolean {
  const pull = core.pull;
  const bands = core.bands;
  const at = key * BAND;
  pull.n = bands[at];
  pull.x = bands[at + 1];
  pull.med = bands[at + 2];
  pull.cap = bands[at + 3];
  pull.reject = bands[at + 4];
  return false;
}

/** The target of a key that sites share; false where neither this site nor another knows anything of it. */
function joinOthers(core: DriftCore, key: number, settings: KeySettings): boolean {
  const pull = core.pull;
  const reference = settings.reference;
  if (pull.n > 0 && pull.x < -reference) pull.x = -reference;
  const site = pull.n === 0 ? NONE : pull.x + reference;
  const target = joinSites(core.gateways, key, site, pull.n, core.claim);
  if (target === NONE) return false;
  pull.target = target - reference;
  if (pull.n === 0) standAlone(settings, pull);
  return true;
}

/** A key of which only other sites have sensors: there is no band but the span around what they say. */
function standAlone(settings: KeySettings, pull: Pull): void {
  pull.x = pull.target;
  pull.med = pull.target;
  pull.cap = settings.span;
  pull.reject = settings.span;
}

/**
 * Copies the key's contributions into values[0..count) in rising order, with their sum, and tells where the first one
 * stands that is not DIFF_NONE. The order is kept from cycle to cycle, so this mostly is one pass without a move.
 */
function gatherSorted(core: DriftCore, key: number): number {
  const table = core.table;
  const order = table.order;
  const rows = table.rows;
  const count = table.count;
  const contributions = table.values;
  const values = core.values;
  const base = key * table.capacity;
  const width = table.keys * 2;
  const offset = key * 2;
  const all = table.uncounted === 0;
  let missing = 0;
  let sum = 0;
  let before = DIFF_NONE;
  let slot: number;
  let value: number;
  for (let i = 0; i < count; i++) {
    slot = order[base + i];
    value = contributions[slot * width + offset];
    if (value === DIFF_NONE) missing++;
    else if (all || rows[slot * ROW + COUNTED] === 1) sum += value;
    else {
      value = DIFF_NONE;
      missing++;
    }
    values[i] = value;
    if (value < before) sink(values, order, base, i);
    else before = value;
  }
  core.sum = sum;
  return missing;
}

/** Moves the value at `from`, and its slot, down to its place among those before it. */
function sink(values: number[], order: SlotArray, base: number, from: number): void {
  const value = values[from];
  const slot = order[base + from];
  let at = from;
  while (at > 0 && values[at - 1] > value) {
    values[at] = values[at - 1];
    order[base + at] = order[base + at - 1];
    at--;
  }
  values[at] = value;
  order[base + at] = slot;
}

/** Notes, for the trust in each clipped peer, how much of its contribution the guard took away. */
function judge(core: DriftCore, key: number, from: number): void {
  const { table, values, pull } = core;
  const rows = table.rows;
  const base = key * table.capacity;
  const last = table.count - 1;
  for (let rank = from; rank < from + pull.clippedLow; rank++) {
    rows[table.order[base + rank] * ROW + PENALTY] += taken(pull.med - values[rank], pull);
  }
  for (let rank = last; rank > last - pull.clippedHigh; rank--) {
    rows[table.order[base + rank] * ROW + PENALTY] += taken(values[rank] - pull.med, pull);
  }
}

/** 0 to 256: how much the guard took of a contribution at this distance, which is beyond cap. */
function taken(distance: number, pull: Pull): number {
  return distance > pull.reject ? WHOLE : WHOLE - divideFloor(WHOLE * pull.cap, distance);
}

/**
 * The voters' median, each vote near the target and, where any contribution was clipped or is missing (`check`), from a
 * peer inside the guard. Also counts who agrees with `b`, unless most votes are near the target and b is too.
 */
function countVotes(core: DriftCore, key: number, check: boolean, b: number): void {
  const pull = core.pull;
  const votes = core.values;
  const voters = core.voters;
  const voterCount = core.voterCount;
  const values = core.table.values;
  const agreed = key * 2 + 1;
  const target = pull.target;
  const low = target - pull.cap;
  const high = target + pull.cap;
  let n = 0;
  let same = 0;
  let below = 0;
  let outside = 0;
  let at: number;
  let vote: number;
  for (let i = 0; i < voterCount; i++) {
    at = voters[i] + agreed;
    if (check && !isInside(values[at - 1], pull)) continue;
    vote = values[at];
    if (vote === target) {
      same++;
    } else if (vote < low || vote > high) {
      if (vote !== DIFF_NONE) outside++;
    } else {
      votes[n++] = vote;
      if (vote < target) below++;
    }
  }
  const all = n + same;
  pull.voters = all;
  pull.agree = all;
  pull.disagree = 0;
  if (outside > all || b < low || b > high) countAgreement(core, key, check, b);
  if (all < core.coefficients.voters_min) {
    pull.middle = !core.coefficients.partial || b === DIFF_NONE ? target : clamp(b, low, high);
    return;
  }
  // Of all votes and the target, the target itself is the median while at most half lie on either side: no sort then.
  if (below <= all >> 1 && n - below <= all >> 1) {
    pull.middle = target;
    return;
  }
  for (let i = 0; i <= same; i++) votes[n++] = target;
  pull.middle = selectMedian(votes, n);
}

/** True for a contribution that the guard does not leave out. */
function isInside(contribution: number, pull: Pull): boolean {
  return contribution !== DIFF_NONE && contribution - pull.med <= pull.reject && pull.med - contribution <= pull.reject;
}

/** How many of the fresh agreed values of peers inside the guard lie within cap of ours, and how many do not. */
function countAgreement(core: DriftCore, key: number, check: boolean, b: number): void {
  const { table, pull, voters } = core;
  pull.agree = 0;
  for (let i = 0; i < core.voterCount; i++) {
    const at = voters[i] + key * 2;
    const vote = table.values[at + 1];
    if (vote === DIFF_NONE || (check && !isInside(table.values[at], pull))) continue;
    if (vote - b > pull.cap || b - vote > pull.cap) pull.disagree++;
    else pull.agree++;
  }
}

/** t = m + (x - m) >> shift, rounded down; what is left over goes to the entropy drift. */
function pullThroughMedian(b: number, shift: number, pull: Pull): void {
  const way = pull.target - pull.middle;
  pull.drift = pull.middle + (way >> shift) - b;
  pull.remainder = way & ((1 << shift) - 1);
}
