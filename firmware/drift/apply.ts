/** Applies a drift to the shard, and reckons what the node's peers are told of it. */

import { VALUE_MAX } from '../fixed/q16.ts';
import { DIFF_NONE, toDiff } from '../fixed/diff.ts';
import { NONE } from '../platform.ts';
import type { KeySettings } from '../settings.ts';
import type { LocalDiff } from '../types/local-diff.ts';
import type { ShardState } from '../types/state.ts';
import type { PeerTable } from '../types/table.ts';

/** b = b + drift, never below 0 nor beyond what a value can be. A first drift (b is NONE) starts from 0. */
export function applyDrift(state: ShardState, key: number, drift: number): void {
  const before = state.b[key];
  const after = (before === NONE ? 0 : before) + drift;
  state.b[key] = after < 0 ? 0 : after > VALUE_MAX ? VALUE_MAX : after;
}

/** The node's own contributions and its agreed values; none of a key that it does not answer for, or recovers. */
export function computeLocalDiff(state: ShardState, table: PeerTable, keys: KeySettings[], diff: LocalDiff): void {
  const contribution = diff.contribution;
  const agreed = diff.agreed;
  const values = table.values;
  const n = keys.length;
  for (let key = 0; key < n; key++) {
    contribution[key] = values[key * 2];
    const answers = state.held[key] === 1 && state.recovering[key] === 0;
    agreed[key] = answers ? toDiff(state.b[key], keys[key].reference) : DIFF_NONE;
  }
}
