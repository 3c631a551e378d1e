/**
 * The peer-based drift: the pull to the guarded mean of the contributions held, through the median of the peers' agreed
 * values (drift.md, "The cycle"). One key a call; what it finds goes into `pull`.
 */

import { clamp, divideFloor } from '../fixed/q16.ts';
import { medianOfSorted, sortAscending } from '../fixed/sorted.ts';
import { NONE } from '../platform.ts';
import { type KeySettings, SCOPE_ALL } from '../settings.ts';
import type { GatewayTable } from '../types/gateways.ts';
import type { Pull } from '../types/pull.ts';
import type { DriftCoefficients } from '../types/state.ts';
import type { PeerTable } from '../types/table.ts';
import { locate } from './guard.ts';
import { type Claim, joinSites } from './sites.ts';

/** A whole contribution, in units of trust. */
const WHOLE = 256;

/** Scratch that the drift of one key needs; made once, because a cycle allocates nothing. */
export interface DriftScratch {
  readonly values: number[];
  readonly votes: number[];
  /** Slots whose agreed value is fresh enough to vote, for every key of this cycle. */
  readonly voters: number[];
  voterCount: number;
  readonly claim: Claim;
}

export function createDriftScratch(capacity: number): DriftScratch {
  const zeros = (): number[] => new Array<number>(capacity + 1).fill(0);
  return { values: zeros(), votes: zeros(), voters: zeros(), voterCount: 0, claim: { value: 0, weight: 0 } };
}

/** Lists the peers that were heard directly within `age_max` cycles. */
export function chooseVoters(table: PeerTable, age_max: number, scratch: DriftScratch): void {
  let n = 0;
  for (let slot = 1; slot < table.count; slot++) {
    const age = table.directAge[slot];
    if (age >= 0 && age <= age_max) scratch.voters[n++] = slot;
  }
  scratch.voterCount = n;
}

/**
 * `b` is the agreed value so far (NONE before the first). Fills `pull`; its drift is 0 where nothing is known.
 */
export function computeDriftFromDiffs(
  table: PeerTable,
  gateways: GatewayTable,
  key: number,
  settings: KeySettings,
  b: number,
  coefficients: DriftCoefficients,
  scratch: DriftScratch,
  pull: Pull,
): void {
  const base = key * table.capacity;
  const from = gatherSorted(table, base, scratch.values);
  locate(scratch.values, from, table.count, table.counted[0] === 1 ? table.c[base] : NONE, settings, pull);
  if (settings.guard) judge(table, base, from, scratch.values, pull);
  pull.target = settings.scope === SCOPE_ALL ? joinSites(gateways, key, pull.x, pull.n, scratch.claim) : pull.x;
  countVotes(table, base, settings.guard, b, coefficients, scratch, pull);
  pullThroughMedian(b, coefficients.shift, pull);
}

/**
 * Copies the key's contributions into values[0..count) in rising order and tells where the first one stands that is not
 * NONE. The order is kept from cycle to cycle, so this mostly is one pass without a move.
 */
function gatherSorted(table: PeerTable, base: number, values: number[]): number {
  const { c, order, counted, count } = table;
  let missing = 0;
  for (let i = 0; i < count; i++) {
    const slot = order[base + i];
    const value = counted[slot] === 1 ? c[base + slot] : NONE;
    if (value === NONE) missing++;
    let at = i;
    while (at > 0 && values[at - 1] > value) {
      values[at] = values[at - 1];
      order[base + at] = order[base + at - 1];
      at--;
    }
    values[at] = value;
    if (at !== i) order[base + at] = slot;
  }
  return missing;
}

/** Notes, for the trust in each peer, how much of its contribution the guard took away. Only the two ends can have lost any. */
function judge(table: PeerTable, base: number, from: number, values: number[], pull: Pull): void {
  let rank = from;
  while (rank < table.count && pull.med - values[rank] > pull.cap) {
    table.penalty[table.order[base + rank]] += taken(pull.med - values[rank], pull);
    rank++;
  }
  rank = table.count - 1;
  while (rank >= from && values[rank] - pull.med > pull.cap) {
    table.penalty[table.order[base + rank]] += taken(values[rank] - pull.med, pull);
    rank--;
  }
}

/** 0 to 256: how much the guard took of a contribution at this distance, which is beyond cap. */
function taken(distance: number, pull: Pull): number {
  return distance > pull.reject ? WHOLE : WHOLE - divideFloor(WHOLE * pull.cap, distance);
}

/** The voters' median, each vote from a peer inside the guard and near the target; and how many agree with `b`. */
function countVotes(
  table: PeerTable,
  base: number,
  guard: boolean,
  b: number,
  coefficients: DriftCoefficients,
  scratch: DriftScratch,
  pull: Pull,
): void {
  const { target, cap } = pull;
  const lowest = pull.med - pull.reject;
  const highest = pull.med + pull.reject;
  const { votes, voters } = scratch;
  let n = 0;
  pull.agree = 0;
  pull.disagree = 0;
  for (let i = 0; i < scratch.voterCount; i++) {
    const at = base + voters[i];
    const vote = table.b[at];
    if (vote === NONE) continue;
    if (guard) {
      const contribution = table.c[at];
      if (contribution === NONE || contribution < lowest || contribution > highest) continue;
      if (vote - b > cap || b - vote > cap) pull.disagree++;
      else pull.agree++;
      if (vote - target > cap || target - vote > cap) continue;
    }
    votes[n++] = vote;
  }
  pull.voters = n;
  if (n < coefficients.voters_min) {
    pull.middle = !coefficients.partial || b === NONE ? target : clamp(b, target - cap, target + cap);
    return;
  }
  votes[n++] = target;
  sortAscending(votes, n);
  pull.middle = clamp(medianOfSorted(votes, 0, n), target - cap, target + cap);
}

/** t = m + (x - m) >> shift, rounded down; what is left over goes to the entropy drift. */
function pullThroughMedian(b: number, shift: number, pull: Pull): void {
  if (pull.target === NONE) {
    pull.drift = 0;
    pull.remainder = 0;
    return;
  }
  const way = pull.target - pull.middle;
  pull.drift = pull.middle + (way >> shift) - (b === NONE ? 0 : b);
  pull.remainder = way & ((1 << shift) - 1);
}
