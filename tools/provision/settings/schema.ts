/** `tools/provision/schema.json` is the one place that says what each setting may be; an editor completes from it too. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { ErrorObject } from 'ajv';
import { didYouMean } from '../../cli/nearest.ts';
import { projectRoot } from '../../cli/project-root.ts';

export type Path = readonly (string | number)[];

/** The part of JSON Schema that this one uses. */
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
  properties?: Record<string, Schema>;
  items?: Schema;
}

/** One thing that is wrong: the value at `path` `says` what it must be. */
export interface Problem {
  path: Path;
  /** undefined where it is missing. */
  value: unknown;
  /** `must be a whole number from 1 to 1000` */
  says: string;
}

export const settingsSchema = JSON.parse(
  readFileSync(join(projectRoot(), 'tools', 'provision', 'schema.json'), 'utf8'),
) as Schema;

const validate = new Ajv({ allErrors: true, verbose: true }).compile(settingsSchema);

/** keys[0].source.pin */
export function pathName(path: Path): string {
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${step}`)).join('');
}

function interval(low: number | undefined, high: number | undefined): string {
  if (low === undefined && high === undefined) return '';
  if (high === undefined) return ` of at least ${String(low)}`;
  return low === high ? ` of ${high}` : ` from ${low ?? 0} to ${high}`;
}

/** `a number from 0 to 1` */
export function allowed(schema: Schema): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`;
  switch (schema.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number${interval(schema.minimum, schema.maximum)}`;
    case 'number':
      return `a number${interval(schema.minimum, schema.maximum)}`;
    case 'array':
      return `a list${interval(schema.minItems, schema.maxItems)}`;
    case 'object':
      return `an object with ${Object.keys(schema.properties ?? {}).join(', ')}`;
    default:
      if (schema.pattern?.includes('{43}') === true) return 'a swarm key as `npm run provision -- new-key` makes it';
      return `text${schema.pattern === undefined ? '' : ' without spaces, commas and colons'}, ${lengths(schema)}`;
  }
}

function lengths({ minLength = 0, maxLength }: Schema): string {
  return maxLength === undefined ? 'not empty' : `${minLength} to ${maxLength} letters`;
}

function stepsOf({ instancePath }: ErrorObject): (string | number)[] {
  const steps = instancePath.split('/').slice(1);
  return steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~')));
}

function problemOf(error: ErrorObject): Problem {
  const path = stepsOf(error);
  const schema = error.parentSchema as Schema;
  const params = error.params as Readonly<Record<string, unknown>>;
  if (error.keyword === 'additionalProperties') {
    const name = String(params.additionalProperty);
    const known = Object.keys(schema.properties ?? {}).filter((one) => one !== '$schema');
    const hint = didYouMean(name, known) || `; there are ${known.join(', ')}`;
    return { path: [...path, name], value: undefined, says: `is not a known setting${hint}` };
  }
  if (error.keyword === 'required') {
    const name = String(params.missingProperty);
    const says = `is missing; it must be ${allowed(schema.properties?.[name] ?? {})}`;
    return { path: [...path, name], value: undefined, says };
  }
  const hint = schema.enum === undefined ? '' : didYouMean(String(error.data), schema.enum);
  return { path, value: error.data, says: `must be ${allowed(schema)}${hint}` };
}

/** At most one for each place: a value of the wrong type breaks several rules at once. */
export function schemaProblems(value: unknown): Problem[] {
  if (validate(value)) return [];
  const byPlace = new Map<string, Problem>();
  for (const problem of (validate.errors ?? []).map(problemOf)) {
    const place = pathName(problem.path);
    if (!byPlace.has(place)) byPlace.set(place, problem);
  }
  return [...byPlace.values()];
}
