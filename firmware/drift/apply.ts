/** Applies a drift to the shard, and reckons what the node's peers are told of it. */

import { toDiff } from '../fixed/diff.ts';
import { NONE } from '../platform.ts';
import type { KeySettings } from '../settings.ts';
import type { LocalDiff } from '../types/local-diff.ts';
import type { ShardState } from '../types/state.ts';
import type { PeerTable } from '../types/table.ts';

/** b = max(0, b + drift). A first drift (b is NONE) starts from 0. */
export function applyDrift(state: ShardState, key: number, drift: number): void {
  const before = state.b[key];
  const after = (before === NONE ? 0 : before) + drift;
  state.b[key] = after < 0 ? 0 : after;
}

/** The node's own contributions and its agreed values; none of a key that it does not answer for, or recovers. */
export function computeLocalDiff(state: ShardState, table: PeerTable, keys: KeySettings[], diff: LocalDiff): void {
  for (let key = 0; key < keys.length; key++) {
    const { reference } = keys[key];
    const answers = state.held[key] === 1 && state.recovering[key] === 0;
    diff.contribution[key] = toDiff(table.c[key * table.capacity], reference);
    diff.agreed[key] = toDiff(answers ? state.b[key] : NONE, reference);
  }
}
