/** Chooses the drift coefficients of a cycle from what the node knows of its swarm. */

import { RELAY_OPEN } from '../settings.ts';
import type { DriftCoefficients } from '../types/state.ts';
import { DIRECT_AGE, HOLDS, type PeerTable, ROW } from '../types/table.ts';

/** Up to this many nodes the pull goes half the way, else three quarters, in a table that is too small 31/32. */
const SMALL_SWARM = 8;
const SHIFT_SMALL = 1;
const SHIFT = 2;
const SHIFT_CROWDED = 5;

/**
 * A mean that leaves out more than a sixteenth of the swarm is no good guess of its own: the node then mostly follows its
 * peers. In the measured office, nodes with few good links otherwise pull their neighbours about: 258 cycles to 2 %
 * instead of 22 (medians).
 */
const PARTIAL = 16;
const SHIFT_PARTIAL = 4;

/** Stale agreed values slow small swarms; but a node that mostly follows its peers must not lose them for a few bad cycles. */
const VOTE_AGE = 4;
const VOTE_AGE_PARTIAL = 16;

/** A single fresh vote could be forged, so a vote takes three peers; among trusted ones, where a leaf may have but one neighbour, one. */
const VOTERS_MIN = 3;
const VOTERS_MIN_OPEN = 1;

/** @param periods nominal cycles since the last run: what came meanwhile is as fresh as can be */
export function chooseCoefficients(
  table: PeerTable,
  relay: number,
  periods: number,
  coefficients: DriftCoefficients,
): void {
  const open = relay === RELAY_OPEN;
  coefficients.voters_min = open ? VOTERS_MIN_OPEN : VOTERS_MIN;
  coefficients.partial = (open ? unheard(table) : table.uncounted) * PARTIAL > table.count;
  coefficients.vote_age_max = (coefficients.partial ? VOTE_AGE_PARTIAL : VOTE_AGE) + periods - 1;
  if (table.crowded > 0) coefficients.shift = SHIFT_CROWDED;
  else if (coefficients.partial) coefficients.shift = SHIFT_PARTIAL;
  else coefficients.shift = table.count <= SMALL_SWARM ? SHIFT_SMALL : SHIFT;
}

/** How many more peers the best informed neighbour holds: believed in an open swarm only, where its members are trusted. */
function unheard(table: PeerTable): number {
  let most = table.count - 1;
  for (let slot = 1; slot < table.count; slot++) {
    const at = slot * ROW;
    if (table.rows[at + DIRECT_AGE] >= 0 && table.rows[at + HOLDS] > most) most = table.rows[at + HOLDS];
  }
  return most - (table.count - 1);
}
