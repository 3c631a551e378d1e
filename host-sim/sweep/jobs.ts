/** The runs behind a grid: each row over its seeds, and what two rows have in common only once. */
import type { Scenario } from '../world/scenario.ts';
import type { Row } from './grid.ts';

export interface Plan {
  /** Every run, its seed set. */
  jobs: Scenario[];
  /** For each row, the indices of its runs in the order of the seeds. */
  rows: number[][];
}

const SEEDS = 2 ** 32;

/** Names change nothing in a run. */
function sameness(scenario: Scenario): string {
  return JSON.stringify({ ...scenario, name: '', description: '' });
}

export function plan(rows: readonly Row[], seed_base: number): Plan {
  const jobs: Scenario[] = [];
  const known = new Map<string, number>();
  const indices = rows.map(({ scenario, seeds }) =>
    Array.from({ length: seeds }, (_, i) => {
      const job = { ...scenario, seed: (seed_base + i) % SEEDS };
      const key = sameness(job);
      const index = known.get(key) ?? jobs.push(job) - 1;
      known.set(key, index);
      return index;
    }),
  );
  return { jobs, rows: indices };
}

/**
 * Where the seeds begin when nobody says: fresh with every change of the firmware, so that nobody can have tuned on
 * them, and the same for the same firmware.
 */
export function seedBase(bundle_sha256: string): number {
  return Number.parseInt(bundle_sha256.slice(0, 8), 16);
}
