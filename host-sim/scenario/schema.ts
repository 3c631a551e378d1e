/**
 * `host-sim/scenarios/schema.json` is the one place that knows every field of a scenario: what it means, what is
 * allowed, and its default. Files, flags and the help text all ask here.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import type { Path } from '../../tools/cli/json-path.ts';
import { projectRoot } from '../../tools/cli/project-root.ts';
import { compileCheck, createAjv, type Schema } from '../../tools/cli/schema.ts';
import type { Scenario } from '../world/scenario.ts';

export const SCENARIO_FOLDER = join(projectRoot(), 'host-sim', 'scenarios');

export const scenarioSchema = JSON.parse(readFileSync(join(SCENARIO_FOLDER, 'schema.json'), 'utf8')) as Schema;

const filler = createAjv({ useDefaults: true });
const fillScenario: ValidateFunction<Scenario> = filler.compile<Scenario>(scenarioSchema);

export function schemaAt(path: Path): Schema {
  let schema = scenarioSchema;
  for (const step of path) {
    const next = typeof step === 'number' ? schema.items : schema.properties?.[step];
    if (next === undefined) throw new Error(`the scenario schema has no field ${path.join('.')}`);
    schema = next;
  }
  return schema;
}

/** What is wrong with a whole or partial scenario, as far as each field for itself tells. */
export const scenarioProblems = compileCheck(scenarioSchema);

/** The scenario with every default filled in. The argument has been checked. */
export function withDefaults(partial: Readonly<Record<string, unknown>>): Scenario {
  const scenario: unknown = structuredClone(partial);
  if (!fillScenario(scenario)) {
    throw new Error(`a scenario that was checked does not fit the schema: ${filler.errorsText(fillScenario.errors)}`);
  }
  return scenario;
}
