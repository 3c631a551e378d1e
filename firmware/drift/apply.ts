/** Applies a drift to the shard, and reckons what the node's peers are told of it. */

import { VALUE_MAX } from '../fixed/q16.ts';
import { DIFF_NONE, toDiff } from '../fixed/diff.ts';
import { NONE } from '../platform.ts';
import type { KeySettings } from '../settings.ts';
import type { ShardState } from '../types/state.ts';
import type { PeerTable } from '../types/table.ts';

/** b = b + drift, never below 0 nor beyond what a value can be. A first drift (b is NONE) starts from 0. */
export function applyDrift(state: ShardState, key: number, drift: number): void {
  const before = state.b[key];
  const after = (before === NONE ? 0 : before) + drift;
  state.b[key] = after < 0 ? 0 : after > VALUE_MAX ? VALUE_MAX : after;
}

/**
 * Puts the node's agreed values beside its contributions, into slot 0 of the table, which the node's peers are then told;
 * none of a key that it does not answer for, or recovers.
 */
export function computeLocalDiff(state: ShardState, table: PeerTable, keys: KeySettings[]): void {
  const values = table.values;
  const n = keys.length;
  let at = 1;
  for (let key = 0; key < n; key++) {
    const answers = state.held[key] === 1 && state.recovering[key] === 0;
    values[at] = answers ? toDiff(state.b[key], keys[key].reference) : DIFF_NONE;
    at += 2;
  }
}
