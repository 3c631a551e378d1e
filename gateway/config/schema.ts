/** Holds a configuration against `schema.json`, and says what it finds in words. */
import type { ErrorObject } from 'ajv';
import { didYouMean } from '../../tools/cli/nearest.ts';
import { allowed, createAjv, knownFields, pathOf, type Schema } from '../../tools/cli/schema.ts';
import type { Problem } from './fault.ts';
import schema from './schema.json' with { type: 'json' };

const ajv = createAjv({ useDefaults: true, strictRequired: false });
const validate = ajv.compile(schema);

const KINDS = ['mqtt', 'serial', 'file', 'one_wire', 'command'];

const NO_PASSWORD =
  'no password stands in this file, which is copied, shown and kept in backups; write it to a file of its own (mode 600) ' +
  'and name that as password_file, or name an environment variable as password_env';

function shownValue(value: unknown): string {
  const text = value === undefined ? '' : JSON.stringify(value);
  return typeof value === 'object' || text.length > 40 ? '' : `is ${text}; `;
}

function unknownField(name: string, part: Schema): string {
  const known = knownFields(part);
  if (name === 'password' && known.includes('password_file')) return NO_PASSWORD;
  return `is not a known field${didYouMean(name, known)}; there are ${known.join(', ')}`;
}

function kindProblem(value: unknown): string {
  const given = KINDS.filter((kind) => typeof value === 'object' && value !== null && kind in value);
  const rule = `a source has exactly one of ${KINDS.join(', ')}`;
  return given.length === 0 ? `${rule}; this one has none` : `${rule}; this one has ${given.join(' and ')}`;
}

function problemOf(error: ErrorObject): Problem {
  const path = pathOf(error);
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
