/** The snapshot as this page has it: whole once, then change by change. */
import type { Change } from '../../http/changes.ts';
import type { Snapshot } from '../../view.ts';

export function applyChange(before: Snapshot, change: Change): Snapshot {
  const { key_changes = [], ...fields } = change;
  const keys = (fields.keys ?? before.keys).map((key) => {
    const found = key_changes.find(({ name }) => name === key.name);
    return found === undefined ? key : { ...key, ...found };
  });
  return { ...before, ...fields, keys };
}
