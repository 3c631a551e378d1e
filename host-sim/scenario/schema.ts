/**
 * `host-sim/scenarios/schema.json` is the one place that knows every field of a scenario: what it means, what is
 * allowed, and its default. Files, flags and the help text all ask here.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { didYouMean } from '../../tools/cli/nearest.ts';
import { projectRoot } from '../../tools/cli/project-root.ts';
import type { Scenario } from '../world/scenario.ts';
import type { Path } from './path.ts';

/** The part of JSON Schema that schemas of this project use. */
export interface Schema {
  description?: string;
  type?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  default?: unknown;
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
}

/** One thing that is wrong: the value at `path` `says` what it must be. */
export interface Problem {
  path: Path;
  value: unknown;
  /** `must be a number from 0 to 1` */
  says: string;
  /** Other fields that it hangs on; when one of them was given by flag, the flag is what is named. */
  related?: Path[];
}

export const SCENARIO_FOLDER = join(projectRoot(), 'host-sim', 'scenarios');

export const scenarioSchema = JSON.parse(readFileSync(join(SCENARIO_FOLDER, 'schema.json'), 'utf8')) as Schema;

const checker = new Ajv({ allErrors: true, verbose: true });
const filler = new Ajv({ useDefaults: true });
const checkScenarioSchema = checker.compile(scenarioSchema);
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

function interval(schema: Schema, low: keyof Schema, high: keyof Schema): string {
  const from = schema[low];
  const to = schema[high];
  if (typeof from !== 'number' && typeof to !== 'number') return '';
  if (typeof to !== 'number') return ` of at least ${String(from)}`;
  return ` ${low === 'minimum' ? 'from' : 'of'} ${typeof from === 'number' ? from : 0} to ${to}`;
}

/** `a number from 0 to 1` */
export function allowed(schema: Schema): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`;
  switch (schema.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number${interval(schema, 'minimum', 'maximum')}`;
    case 'number':
      return `a number${interval(schema, 'minimum', 'maximum')}`;
    case 'array':
      if (schema.minItems !== undefined && schema.minItems === schema.maxItems) return `a list of ${schema.minItems}`;
      return `a list${interval(schema, 'minItems', 'maxItems')} entries`.replace('a list entries', 'a list');
    case 'object':
      return `an object with ${Object.keys(schema.properties ?? {}).join(', ')}`;
    default: {
      const letters = interval(schema, 'minLength', 'maxLength');
      return `text${letters === '' ? '' : `${letters} letters`}${schema.pattern === undefined ? '' : ', without spaces, commas or colons'}`;
    }
  }
}

function stepsOf(error: ErrorObject): (string | number)[] {
  const steps = error.instancePath.split('/').slice(1);
  return steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~')));
}

function problemOf(error: ErrorObject): Problem {
  const path = stepsOf(error);
  const schema = error.parentSchema as Schema;
  const params = error.params as Readonly<Record<string, unknown>>;
  if (error.keyword === 'additionalProperties') {
    const name = String(params.additionalProperty);
    const known = Object.keys(schema.properties ?? {});
    const hint = didYouMean(name, known) || `; there are ${known.join(', ')}`;
    return { path: [...path, name], value: undefined, says: `is not a known field${hint}` };
  }
  if (error.keyword === 'required') {
    const name = String(params.missingProperty);
    return {
      path: [...path, name],
      value: undefined,
      says: `is missing; it must be ${allowed(schema.properties?.[name] ?? {})}`,
    };
  }
  const hint = schema.enum === undefined ? '' : didYouMean(String(error.data), schema.enum);
  return { path, value: error.data, says: `must be ${allowed(schema)}${hint}` };
}

/** At most one problem for each place: a value of the wrong type breaks several rules at once. */
function distinct(errors: readonly ErrorObject[]): Problem[] {
  const byPlace = new Map<string, Problem>();
  for (const error of errors) {
    const problem = problemOf(error);
    const place = problem.path.join('/');
    if (!byPlace.has(place)) byPlace.set(place, problem);
  }
  return [...byPlace.values()];
}

export type Check = (value: unknown) => Problem[];

export function compileCheck(schema: Schema): Check {
  const validate = checker.compile(schema);
  return (value) => (validate(value) ? [] : distinct(validate.errors ?? []));
}

/** What is wrong with a whole or partial scenario, as far as each field for itself tells. */
export function scenarioProblems(value: unknown): Problem[] {
  return checkScenarioSchema(value) ? [] : distinct(checkScenarioSchema.errors ?? []);
}

/** The scenario with every default filled in. The argument has been checked. */
export function withDefaults(partial: Readonly<Record<string, unknown>>): Scenario {
  const scenario: unknown = structuredClone(partial);
  if (!fillScenario(scenario)) {
    throw new Error(`a scenario that was checked does not fit the schema: ${filler.errorsText(fillScenario.errors)}`);
  }
  return scenario;
}
