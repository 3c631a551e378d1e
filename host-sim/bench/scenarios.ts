/** Scenarios that the bench runs, made from the shipped ones. */
import type { DataFiles } from '../scenario/data.ts';
import { loadScenario } from '../scenario/load.ts';
import type { Scenario } from '../world/scenario.ts';

/** @param set fields of the scenario by name; `keys` as a number makes so many like the first */
export function benchScenario(name: string, set: Record<string, unknown>, files: DataFiles, cwd: string): Scenario {
  const settings = Object.entries(set).map(([field, value]) => ({ path: [field], value, place: `bench: ${field}` }));
  return loadScenario(name, cwd, settings, files).scenario;
}
