/** What is new in a snapshot: most of one stays the same from cycle to cycle, above all with many keys and peers. */
import type { KeyView, Snapshot } from '../view.ts';

/** Fields of a key that changed, and its name. */
export type KeyChange = Partial<KeyView> & Pick<KeyView, 'name'>;

/** The fields that changed, whole. `key_changes` stands for `keys` while the names and their order stay. */
export type Change = Partial<Snapshot> & { key_changes?: KeyChange[] };

function differs(one: unknown, other: unknown): boolean {
  return one !== other && JSON.stringify(one) !== JSON.stringify(other);
}

function changedFields<Kind extends object>(before: Kind, after: Kind): Partial<Kind> {
  const changed: Partial<Kind> = {};
  for (const name of Object.keys(after) as (keyof Kind)[]) {
    if (differs(before[name], after[name])) changed[name] = after[name];
  }
  return changed;
}

function sameNames(before: readonly KeyView[], after: readonly KeyView[]): boolean {
  return before.length === after.length && before.every(({ name }, i) => name === after[i]?.name);
}

export function changesOf(before: Snapshot, after: Snapshot): Change {
  if (!sameNames(before.keys, after.keys)) return changedFields(before, after);
  const { keys: keysBefore, ...restBefore } = before;
  const { keys, ...rest } = after;
  const changes: KeyChange[] = [];
  keys.forEach((key, i) => {
    const fields = changedFields(keysBefore[i] ?? key, key);
    if (Object.keys(fields).length > 0) changes.push({ ...fields, name: key.name });
  });
  const change: Change = changedFields<Omit<Snapshot, 'keys'>>(restBefore, rest);
  return changes.length === 0 ? change : { ...change, key_changes: changes };
}
