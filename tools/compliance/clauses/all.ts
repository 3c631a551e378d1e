/** All clauses, in the order in which they are looked at. */
import { type Clause, GROUPS } from './clause.ts';
import { DRIFT } from './drift.ts';
import { FORMATS } from './formats.ts';
import { IDENTITY } from './identity.ts';
import { LOSS } from './loss.ts';
import { LOW_POWER } from './low-power.ts';
import { SECURITY } from './security.ts';
import { SHARDS } from './shards.ts';
import { VAULTGUARD } from './vaultguard.ts';

/** Those that move b far come late: by then the target's anomaly energy is known, and the others saw a calm one. */
const ALL: readonly Clause[] = [
  ...FORMATS,
  ...DRIFT,
  ...LOSS,
  ...SECURITY,
  ...SHARDS,
  ...VAULTGUARD,
  ...LOW_POWER,
  ...IDENTITY,
];

/** Those that send, then those that look at what was heard. */
export const CLAUSES: readonly Clause[] = [
  ...ALL.filter(({ passive }) => !passive),
  ...ALL.filter(({ passive }) => passive),
];

export function groupOf({ name }: Clause): string {
  return name.slice(0, name.indexOf('.'));
}

/** In the order in which they are reported. */
export function inReportOrder(clauses: readonly Clause[]): Clause[] {
  return Object.keys(GROUPS).flatMap((group) => clauses.filter((clause) => groupOf(clause) === group));
}
