/** What a JSON Schema of this project allows, in words; and what is wrong with a value, in the same words. */
import { Ajv } from 'ajv';
import type { ErrorObject, Options } from 'ajv';
import type { Path } from './json-path.ts';
import { didYouMean } from './nearest.ts';

/** The part of JSON Schema that schemas of this project use. */
export interface Schema {
  description?: string;
  type?: string;
  enum?: readonly (string | number)[];
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  /** What the pattern means. Editors show it too. */
  patternErrorMessage?: string;
  default?: unknown;
  required?: readonly string[];
  properties?: Readonly<Record<string, Schema>>;
  items?: Schema;
}

/** One thing that is wrong: the value at `path` `says` what it must be. */
export interface Problem {
  path: Path;
  /** undefined where it is missing. */
  value: unknown;
  /** `must be a number from 0 to 1` */
  says: string;
  /** Other fields that it hangs on; when one of them was given by flag, the flag is what is named. */
  related?: readonly Path[];
}

export function createAjv(options: Options): Ajv {
  const ajv = new Ajv({ allErrors: true, verbose: true, ...options });
  ajv.addVocabulary(['patternErrorMessage']);
  return ajv;
}

const checker = createAjv({});

function interval(from: number | undefined, to: number | undefined, first: 'from' | 'of'): string {
  if (from === undefined && to === undefined) return '';
  if (to === undefined) return ` of at least ${from}`;
  return from === to ? ` of ${to}` : ` ${first} ${from ?? 0} to ${to}`;
}

function numbers({ minimum, exclusiveMinimum, maximum }: Schema): string {
  if (minimum === undefined && exclusiveMinimum === undefined && maximum !== undefined) return ` of at most ${maximum}`;
  if (exclusiveMinimum === undefined) return interval(minimum, maximum, 'from');
  return ` above ${exclusiveMinimum}${maximum === undefined ? '' : `, at most ${maximum}`}`;
}

function entries({ minItems, maxItems }: Schema): string {
  const range = interval(minItems, maxItems, 'of');
  return range === '' || minItems === maxItems ? range : `${range} entries`;
}

function letters({ minLength, maxLength, patternErrorMessage }: Schema): string {
  const range = interval(minLength, maxLength, 'of');
  return `${range === '' ? '' : `${range} letters`}${patternErrorMessage === undefined ? '' : `, ${patternErrorMessage}`}`;
}

/** `a number from 0 to 1` */
export function allowed(schema: Schema): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`;
  switch (schema.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number${numbers(schema)}`;
    case 'number':
      return `a number${numbers(schema)}`;
    case 'array':
      return `a list${entries(schema)}`;
    case 'object':
      return `an object with ${knownFields(schema).join(', ')}`;
    default:
      return `text${letters(schema)}`;
  }
}

/** `$schema` is for editors. */
export function knownFields(schema: Schema): string[] {
  return Object.keys(schema.properties ?? {}).filter((name) => name !== '$schema');
}

export function pathOf({ instancePath }: ErrorObject): (string | number)[] {
  const steps = instancePath.split('/').slice(1);
  return steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~')));
}

function problemOf(error: ErrorObject): Problem {
  const path = pathOf(error);
  const schema = error.parentSchema as Schema;
  const params = error.params as Readonly<Record<string, unknown>>;
  if (error.keyword === 'additionalProperties') {
    const name = String(params.additionalProperty);
    const known = knownFields(schema);
    const hint = didYouMean(name, known) || `; there are ${known.join(', ')}`;
    return { path: [...path, name], value: undefined, says: `is not a known field${hint}` };
  }
  if (error.keyword === 'required') {
    const name = String(params.missingProperty);
    const says = `is missing; it must be ${allowed(schema.properties?.[name] ?? {})}`;
    return { path: [...path, name], value: undefined, says };
  }
  const hint = schema.enum === undefined ? '' : didYouMean(String(error.data), schema.enum.map(String));
  return { path, value: error.data, says: `must be ${allowed(schema)}${hint}` };
}

export type Check = (value: unknown) => Problem[];

/** A check that finds at most one problem for each place: a value of the wrong type breaks several rules at once. */
export function compileCheck(schema: Schema): Check {
  const validate = checker.compile(schema);
  return (value) => {
    if (validate(value)) return [];
    const byPlace = new Map<string, Problem>();
    for (const problem of (validate.errors ?? []).map(problemOf)) {
      const place = problem.path.join('\n');
      if (!byPlace.has(place)) byPlace.set(place, problem);
    }
    return [...byPlace.values()];
  };
}
