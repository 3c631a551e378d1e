/** Holds a configuration against `schema.json`, and says what it finds in words. */
import { Ajv } from 'ajv';
import type { ErrorObject } from 'ajv';
import { didYouMean } from '../../tools/cli/nearest.ts';
import type { Problem } from './fault.ts';
import schema from './schema.json' with { type: 'json' };

/** The part of JSON Schema that ours uses. */
interface Schema {
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
  properties?: Readonly<Record<string, Schema>>;
}

const ajv = new Ajv({ allErrors: true, verbose: true, useDefaults: true, strict: true, strictRequired: false });
const validate = ajv.compile(schema);

/** What the patterns of the schema mean. */
const PATTERN_WORDS: Readonly<Record<string, string>> = {
  '^[^\\s/+#]+$': ', without spaces, /, + and #',
  '^[^\\s,:+#]+$': ', without spaces, commas, colons, + and #',
  '^[^\\s+#]+$': ', without spaces, + and #',
  '^[^\\s+#$/]([^\\s+#]*[^\\s+#/])?$': ', without spaces, +, #, and without / at either end',
  '^[0-9a-fA-F.:]+$': ', an address such as 127.0.0.1',
  '^[0-9a-f]{2}-[0-9a-f]{12}$': ' such as 28-0316a2794aff',
  '^[A-Za-z_][A-Za-z0-9_]*$': ', the name of an environment variable, such as MQTT_PASSWORD',
};

function interval(low: number | undefined, above: number | undefined, high: number | undefined): string {
  if (above !== undefined) return ` above ${above}${high === undefined ? '' : `, at most ${high}`}`;
  if (low !== undefined && high !== undefined) return ` from ${low} to ${high}`;
  if (low !== undefined) return ` of at least ${low}`;
  return high === undefined ? '' : ` of at most ${high}`;
}

/** `a number from 0 to 1` */
function allowed(part: Schema): string {
  if (part.enum !== undefined) return `one of ${part.enum.join(', ')}`;
  switch (part.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number${interval(part.minimum, undefined, part.maximum)}`;
    case 'number':
      return `a number${interval(part.minimum, part.exclusiveMinimum, part.maximum)}`;
    case 'array':
      if (part.minItems !== undefined && part.minItems === part.maxItems) return `a list of ${part.minItems}`;
      return `a list${part.maxItems === undefined ? '' : ` of ${part.minItems ?? 0} to ${part.maxItems} entries`}`;
    case 'object':
      return `a section with ${Object.keys(part.properties ?? {}).join(', ')}`;
    default: {
      const letters = part.maxLength === undefined ? '' : ` of ${part.minLength ?? 0} to ${part.maxLength} letters`;
      return `text${letters}${part.pattern === undefined ? '' : (PATTERN_WORDS[part.pattern] ?? '')}`;
    }
  }
}

const KINDS = ['mqtt', 'serial', 'file', 'one_wire', 'command'];

const NO_PASSWORD =
  'no password stands in this file, which is copied, shown and kept in backups; write it to a file of its own (mode 600) ' +
  'and name that as password_file, or name an environment variable as password_env';

function stepsOf(error: ErrorObject): (string | number)[] {
  const steps = error.instancePath.split('/').slice(1);
  return steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~')));
}

function shownValue(value: unknown): string {
  const text = value === undefined ? '' : JSON.stringify(value);
  return typeof value === 'object' || text.length > 40 ? '' : `is ${text}; `;
}

function unknownField(name: string, part: Schema): string {
  const known = Object.keys(part.properties ?? {});
  if (name === 'password' && known.includes('password_file')) return NO_PASSWORD;
  return `is not a known field${didYouMean(name, known)}; there are ${known.join(', ')}`;
}

function kindProblem(value: unknown): string {
  const given = KINDS.filter((kind) => typeof value === 'object' && value !== null && kind in value);
  const rule = `a source has exactly one of ${KINDS.join(', ')}`;
  return given.length === 0 ? `${rule}; this one has none` : `${rule}; this one has ${given.join(' and ')}`;
}

function problemOf(error: ErrorObject): Problem {
  const path = stepsOf(error);
  const part = error.parentSchema as Schema;
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(params.additionalProperty);
      return { path: [...path, name], says: unknownField(name, part), at: 'name' };
    }
    case 'required': {
      const name = String(params.missingProperty);
      const wanted = part.properties?.[name] ?? {};
      return { path: [...path, name], says: `is missing; it must be ${allowed(wanted)}` };
    }
    case 'oneOf':
      return { path, says: kindProblem(error.data) };
    default: {
      const hint = part.enum === undefined ? '' : didYouMean(String(error.data), part.enum.map(String));
      return { path, says: `${shownValue(error.data)}must be ${allowed(part)}${hint}` };
    }
  }
}

/** What is wrong, and where the schema has found it. */
export interface SchemaProblem extends Problem {
  keyword: string;
}

/**
 * Fills the defaults in.
 * @returns what is wrong, at most one problem for each place: a value of the wrong type breaks several rules at once
 */
export function checkSchema(value: unknown): SchemaProblem[] {
  if (validate(value)) return [];
  const byPlace = new Map<string, SchemaProblem>();
  for (const error of validate.errors ?? []) {
    // What each branch of "exactly one of" misses is said by that rule as a whole.
    if (error.schemaPath.includes('/oneOf/')) continue;
    const problem = { ...problemOf(error), keyword: error.keyword };
    const place = problem.path.join('\n');
    if (!byPlace.has(place)) byPlace.set(place, problem);
  }
  return [...byPlace.values()];
}
