/** Attackers that lie about their own sensor: they run an honest node and feed it a false reading. */

import type { AttackKind } from '../scenario.ts';
import type { Knowledge } from './knowledge.ts';

/** Attacks on one's own contribution; all others send the truth there, so it belongs to the mean that the swarm should find. */
export const FALSE_READINGS: readonly AttackKind[] = ['extreme', 'zero', 'flip', 'drain', 'stealth', 'on-off'];

/** A drain sinks to nothing within so many cycles. */
const DRAIN_CYCLES = 200;
/** on-off: honest long enough to be trusted, then not. */
const ON_OFF_HONEST = 64;
const ON_OFF_PERIOD = 80;

/** What an attacker's sensor says of a key, Q16.16; `truth` where this kind of attack does not lie there. */
export function falseReading(kind: AttackKind, truth: number, key: number, cycles: number, know: Knowledge): number {
  switch (kind) {
    case 'extreme':
      return know.high(key);
    case 'zero':
      return 0;
    case 'flip':
      return cycles % 2 === 0 ? know.high(key) : 0;
    case 'drain':
      return Math.round(truth * Math.max(0, 1 - cycles / DRAIN_CYCLES));
    case 'stealth':
      return know.stealth(key);
    case 'on-off':
      return cycles % ON_OFF_PERIOD < ON_OFF_HONEST ? truth : know.high(key);
    default:
      return truth;
  }
}
