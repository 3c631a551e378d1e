/** Low-power mode (blueprint 4.3): one cycle in eight, and less entropy. Entered and left with hysteresis. */

import { NONE } from '../platform.ts';
import { ONE } from '../fixed/q16.ts';
import { EVENT_LOW_POWER_ENTERED, EVENT_LOW_POWER_LEFT } from './events.ts';
import type { Parts } from './parts.ts';

export const LOW_POWER_PACE = 8;

export const REASON_BATTERY = 1;
export const REASON_LOAD = 2;
export const REASON_NETWORK = 3;

/** Battery: below 20 % in, above 30 % out. */
const BATTERY_IN = (ONE / 5) | 0;
const BATTERY_OUT = ((ONE * 3) / 10) | 0;
/** Load: above 90 % in, below 60 % out. */
const LOAD_IN = ((ONE * 9) / 10) | 0;
const LOAD_OUT = ((ONE * 6) / 10) | 0;
/** Age of the nearest peers, in their own sends: above 16 in, below 10 out. */
const AGE_IN = 16;
const AGE_OUT = 10;
/** Looks in a row, four runs apart, that must say the same: a network that is weak for a moment is not a weak one. */
const VOTES = 8;
const VOTES_OUT = 2;

/** Goes to one cycle in eight, and one entropy packet in eight with it. */
export function enterLowPower(node: Parts, reason: number): void {
  node.power.low = true;
  node.power.reason = reason;
  node.power.votes = 0;
  node.schedule.pace = LOW_POWER_PACE;
  node.platform.log.event(EVENT_LOW_POWER_ENTERED, reason, 0);
}

/** Back to a cycle each period. */
export function leaveLowPower(node: Parts): void {
  node.power.low = false;
  node.power.votes = 0;
  node.schedule.pace = 1;
  node.platform.log.event(EVENT_LOW_POWER_LEFT, node.power.reason, 0);
}

/** On the platform's word, which lasts until it says otherwise: while it wants the mode, the node does not leave by itself. */
export function setLowPower(node: Parts, low: boolean): void {
  node.power.told = low;
  if (low === node.power.low) return;
  if (low) enterLowPower(node, REASON_BATTERY);
  else leaveLowPower(node);
}

/**
 * At each look: enters or leaves the mode. A low battery counts at once; load and network must last.
 * @param network_age as `networkAge` reckons it
 */
export function watchPower(node: Parts, network_age: number): void {
  const { power } = node;
  const battery = node.platform.vitals.battery();
  if (!power.low) {
    if (battery !== NONE && battery < BATTERY_IN) {
      enterLowPower(node, REASON_BATTERY);
      return;
    }
    const reason = power.load > LOAD_IN ? REASON_LOAD : network_age > AGE_IN ? REASON_NETWORK : 0;
    power.votes = reason === 0 ? 0 : power.votes + 1;
    if (power.votes >= VOTES) enterLowPower(node, reason);
    return;
  }
  if (power.told) return;
  const well = (battery === NONE || battery > BATTERY_OUT) && power.load < LOAD_OUT && network_age < AGE_OUT;
  power.votes = well ? power.votes + 1 : 0;
  if (power.votes >= VOTES_OUT) leaveLowPower(node);
}
