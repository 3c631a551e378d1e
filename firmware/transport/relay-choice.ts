/** Relays, on the sending side: which contributions a node passes on; and which of those it holds count in its mean. */

import {
  AGE,
  BY,
  CONFIRMED,
  COUNTED,
  CYCLE,
  DIRECT_AGE,
  type PeerTable,
  ROW,
  SENT_AT,
  SENT_CYCLE,
  SENT_TIMES,
} from '../types/table.ts';
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
  const rows = table.rows;
  for (let slot = 1; slot < table.count; slot++) {
    const at = slot * ROW;
    if (rows[at + AGE] > RELAY_AGE_MAX) continue;
    if (relay !== RELAY_OPEN && rows[at + BY] !== 0 && rows[at + CONFIRMED] === 0) continue;
    if (rows[at + SENT_TIMES] >= RELAY_TIMES_MAX && cyclesAhead(rows[at + CYCLE], rows[at + SENT_CYCLE]) <= 0) continue;
    const sent = rows[at + SENT_AT];
    if (n === most && ((sent - rows[chosen[n - 1] * ROW + SENT_AT]) | 0) >= 0) continue;
    let place = n < most ? n++ : n - 1;
    while (place > 0 && ((rows[chosen[place - 1] * ROW + SENT_AT] - sent) | 0) > 0) {
      chosen[place] = chosen[place - 1];
      place--;
    }
    chosen[place] = slot;
  }
  return n;
}

/** Notes that a slot is passed on in this cycle. */
export function noteRelayed(table: PeerTable, slot: number, cycle: number): void {
  const rows = table.rows;
  const at = slot * ROW;
  const again = rows[at + SENT_CYCLE] === rows[at + CYCLE] && rows[at + SENT_TIMES] > 0;
  rows[at + SENT_AT] = cycle;
  rows[at + SENT_TIMES] = again ? rows[at + SENT_TIMES] + 1 : 1;
  rows[at + SENT_CYCLE] = rows[at + CYCLE];
}

/**
 * Marks what counts in the mean, unless all of it does (`table.uncounted` is 0): what was heard directly always; of the others half as many (at least two), of which at
 * most a sixteenth with fewer first-hand witnesses than that. So tags that liars invent weigh little, however many.
 */
export function chooseCounted(table: PeerTable, relay: number): void {
  const direct = table.direct;
  const rows = table.rows;
  const all = relay === RELAY_OPEN;
  const witnesses = direct >> 4 > 2 ? direct >> 4 : 2;
  let others = direct >> 1 > 2 ? direct >> 1 : 2;
  let unwitnessed = direct >> 4;
  let uncounted = 0;
  if (table.uncounted !== 0) table.changed.fill(1);
  table.uncounted = 0;
  if (all || direct === table.count - 1) return;
  rows[COUNTED] = 1;
  for (let slot = 1; slot < table.count; slot++) {
    const at = slot * ROW;
    let counts = 1;
    if (rows[at + DIRECT_AGE] < 0) {
      const known = witnessCount(table, slot) >= witnesses;
      if (others === 0 || (!known && unwitnessed === 0)) {
        counts = 0;
        uncounted++;
      } else {
        others--;
        if (!known) unwitnessed--;
      }
    }
    rows[at + COUNTED] = counts;
  }
  table.uncounted = uncounted;
  if (uncounted !== 0) table.changed.fill(1);
}
