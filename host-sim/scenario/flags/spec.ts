/** What a flag is: its words, and how its text becomes settings of the scenario. */
import { didYouMean } from '../../../tools/cli/nearest.ts';
import { UsageError } from '../../../tools/cli/errors.ts';
import type { Path } from '../../../tools/cli/json-path.ts';
import { allowed, compileCheck, type Schema } from '../../../tools/cli/schema.ts';
import { schemaAt } from '../schema.ts';

export interface FlagSpec {
  /** With its dashes: `--loss`. */
  flag: string;
  /** `SHARE` or `FROM:TO[:SHARE]`. */
  argument: string;
  help: string;
  /** May be given several times: each adds an entry. */
  many?: boolean;
  /** Called once with every text that was given. Throws a FlagFault. */
  read(texts: readonly string[]): { path: Path; value: unknown }[];
}

/** The text of a flag is wrong: `says` what it must be. */
export class FlagFault extends Error {
  readonly says: string;
  readonly text: string;

  constructor(text: string, says: string) {
    super(says);
    this.name = 'FlagFault';
    this.text = text;
    this.says = says;
  }
}

export function faultLine(flag: string, fault: FlagFault): UsageError {
  return new UsageError(`${flag} ${fault.text === '' ? '""' : fault.text}: ${fault.says}`);
}

function fromText(text: string, schema: Schema): unknown {
  if (schema.type === 'number' || schema.type === 'integer') return text.trim() === '' ? NaN : Number(text);
  if (schema.type === 'boolean') return text === 'on' ? true : text === 'off' ? false : text;
  return text;
}

function allowedOnCommandLine(schema: Schema): string {
  return schema.type === 'boolean' ? 'on or off' : allowed(schema);
}

/**
 * Reads one field's text as the schema wants it. `whole` is the text of the flag, of which `text` may be a part, called
 * `part`.
 */
export function readField(text: string, path: Path, whole = text, part = ''): unknown {
  const schema = schemaAt(path);
  const value = fromText(text, schema);
  // The schema library takes NaN for a number; no text means it.
  const fine = !Number.isNaN(value) && compileCheck(schema)(value).length === 0;
  if (fine) return value;
  const hint = schema.enum === undefined ? '' : didYouMean(text, schema.enum.map(String));
  const name = part === '' ? '' : `${part} is "${text}"; it `;
  throw new FlagFault(whole, `${name}must be ${allowedOnCommandLine(schema)}${hint}`);
}

function defaultText(value: unknown): string {
  if (typeof value === 'boolean') return ` Default ${value ? 'on' : 'off'}.`;
  return typeof value === 'number' || typeof value === 'string' ? ` Default ${value}.` : '';
}

/** `--low-power` for the field `low_power`. */
export function oneField(flag: string, argument: string, path: Path): FlagSpec {
  const fixed = path.map((step) => (step === '*' ? 0 : step));
  const schema = schemaAt(fixed);
  const choices = schema.enum?.join('|') ?? (schema.type === 'boolean' ? 'on|off' : argument);
  return {
    flag,
    argument: choices,
    help: `${schema.description ?? ''}${defaultText(schema.default)}`,
    read: (texts) => [{ path, value: readField(texts[texts.length - 1], fixed) }],
  };
}
