/**
 * Recovery mode, a key at a time: entered on a state that fails its checksum or its invariants, or after eight cycles in
 * which most peers disagree. The value is then taken from the peers, and the node sends no agreed value until it agrees.
 */

import { NONE } from '../platform.ts';
import { VALUE_MAX } from '../fixed/q16.ts';
import { ENERGY_MAX } from '../types/bounds.ts';
import type { Pull } from '../types/pull.ts';
import type { ShardState } from '../types/state.ts';

/** Cycles in a row in which most peers must disagree. */
const DISAGREE_CYCLES = 8;
/**
 * Cycles in a row without any peer's agreed value after which a recovering node trusts its own again: where a power cut
 * spoilt every node's state, each would wait for the others for ever.
 */
const ALONE_CYCLES = 32;

/** True when everything that the node keeps of the key is a value that it could have come to. */
export function checkInvariants(state: ShardState, key: number): boolean {
  const b = state.b[key];
  const energy = state.energy[key];
  return b >= NONE && b <= VALUE_MAX && energy >= 0 && energy <= ENERGY_MAX && state.drainBase[key] >= NONE;
}

/** Forgets what the node thought of the key; the next cycles take it from the peers. */
export function triggerRecoveryMode(state: ShardState, key: number): void {
  state.recovering[key] = 1;
  state.disagreed[key] = 0;
  state.life[key] = 0;
  if (!checkInvariants(state, key)) {
    state.b[key] = NONE;
    state.energy[key] = 0;
    state.drainBase[key] = 0;
  }
}

/**
 * Counts agreement and disagreement after a cycle; true when the key must enter recovery mode now. Leaves the mode by
 * itself once a fresh peer agrees and no majority disagrees, or nobody is there to agree with.
 */
export function watchAgreement(state: ShardState, key: number, pull: Pull): boolean {
  const most = pull.disagree > pull.agree;
  if (state.recovering[key] === 1) {
    if (pull.agree + pull.disagree > 0) state.disagreed[key] = 0;
    else state.disagreed[key]++;
    if ((pull.agree > 0 && !most) || state.disagreed[key] >= ALONE_CYCLES) endRecovery(state, key);
    return false;
  }
  if (!most) {
    state.disagreed[key] = 0;
    return false;
  }
  state.disagreed[key]++;
  return state.disagreed[key] >= DISAGREE_CYCLES;
}

function endRecovery(state: ShardState, key: number): void {
  state.recovering[key] = 0;
  state.disagreed[key] = 0;
}
