/** Relays, on the sending side: which contributions a node passes on; and which of those it holds count in its mean. */

import type { PeerTable } from '../types/table.ts';
import { RELAY_OPEN } from '../settings.ts';
import { cyclesAhead, witnessCount } from './relay.ts';

/** A contribution older than this is not passed on: its age has 7 bits on the wire, and nobody would gain. */
const RELAY_AGE_MAX = 120;
/** The same news is passed on this often. */
const RELAY_TIMES_MAX = 8;

/**
 * Chooses up to `most` slots, those first that were passed on longest ago: direct contributions and those that two relays
 * confirmed; in an open swarm all. Fills chosen[0..n) and returns n.
 */
export function chooseRelayed(table: PeerTable, relay: number, most: number, chosen: number[]): number {
  let n = 0;
  if (most === 0) return 0;
  for (let slot = 1; slot < table.count; slot++) {
    if (table.age[slot] > RELAY_AGE_MAX) continue;
    if (relay !== RELAY_OPEN && table.by[slot] !== 0 && table.confirmed[slot] === 0) continue;
    if (table.sentTimes[slot] >= RELAY_TIMES_MAX && cyclesAhead(table.cycle[slot], table.sentCycle[slot]) <= 0)
      continue;
    const sent = table.sentAt[slot];
    if (n === most && ((sent - table.sentAt[chosen[n - 1]]) | 0) >= 0) continue;
    let at = n < most ? n++ : n - 1;
    while (at > 0 && ((table.sentAt[chosen[at - 1]] - sent) | 0) > 0) {
      chosen[at] = chosen[at - 1];
      at--;
    }
    chosen[at] = slot;
  }
  return n;
}

/** Notes that a slot is passed on in this cycle. */
export function noteRelayed(table: PeerTable, slot: number, cycle: number): void {
  table.sentAt[slot] = cycle;
  table.sentTimes[slot] =
    table.sentCycle[slot] === table.cycle[slot] && table.sentTimes[slot] > 0 ? table.sentTimes[slot] + 1 : 1;
  table.sentCycle[slot] = table.cycle[slot];
}

/**
 * Marks what counts in the mean: what was heard directly always; of the others half as many (at least two), of which at
 * most a sixteenth with fewer first-hand witnesses than that. So tags that liars invent weigh little, however many.
 */
export function chooseCounted(table: PeerTable, relay: number): void {
  const direct = table.direct;
  const witnesses = direct >> 4 > 2 ? direct >> 4 : 2;
  let others = direct >> 1 > 2 ? direct >> 1 : 2;
  let unwitnessed = direct >> 4;
  let uncounted = 0;
  table.counted[0] = 1;
  for (let slot = 1; slot < table.count; slot++) {
    let counts = 1;
    if (relay !== RELAY_OPEN && table.directAge[slot] < 0) {
      const known = witnessCount(table, slot) >= witnesses;
      if (others === 0 || (!known && unwitnessed === 0)) {
        counts = 0;
        uncounted++;
      } else {
        others--;
        if (!known) unwitnessed--;
      }
    }
    table.counted[slot] = counts;
  }
  table.uncounted = uncounted;
}
