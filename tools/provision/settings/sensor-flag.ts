/**
 * `--sensor room1/temp=i2c,driver=sht3x,offset=40`: a key with its source, and whatever else a key may say. The kind
 * stands first, `none` for a key without a sensor here; a range is written `range=0..100`.
 */
import { UsageError } from '../../cli/errors.ts';
import { didYouMean } from '../../cli/nearest.ts';
import { SOURCE_KINDS } from './key-fields.ts';
import type { Schema } from '../../cli/schema.ts';
import { settingsSchema } from './schema.ts';

const keySchema = settingsSchema.properties?.keys.items?.properties ?? {};
const sourceSchema = keySchema.source.properties ?? {};
const KEY_FIELDS = Object.keys(keySchema).filter((name) => name !== 'name' && name !== 'source');
const SOURCE_NAMES = Object.keys(sourceSchema).filter((name) => name !== 'kind');
const EXAMPLE = '--sensor room1/temp=i2c,driver=sht3x,offset=40';

/** A number, a yes or no, or a range where the field is one; else the text as it is, for the schema to judge. */
function valueOf(schema: Schema, text: string): unknown {
  if (schema.type === 'array') return text.split('..').map((part) => toNumber(part));
  if (schema.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return schema.type === 'string' ? text : toNumber(text);
}

function toNumber(text: string): unknown {
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? text : number;
}

/** @throws UsageError for what is not of this form; whether the values are allowed is the schema's to say */
export function parseSensor(text: string): Record<string, unknown> {
  const flag = `--sensor ${text}`;
  const equals = text.indexOf('=');
  const [kind = '', ...fields] = text.slice(equals + 1).split(',');
  if (equals < 1 || kind === '')
    throw new UsageError(`${flag}: must be a key's name and where its readings come from, such as ${EXAMPLE}`);
  const known = [...SOURCE_KINDS, 'none'];
  if (!known.includes(kind)) {
    throw new UsageError(
      `${flag}: "${kind}" is no source; it must be one of ${known.join(', ')}${didYouMean(kind, known)}`,
    );
  }
  const key: Record<string, unknown> = { name: text.slice(0, equals) };
  const source: Record<string, unknown> = { kind };
  for (const field of fields) {
    const at = field.indexOf('=');
    const name = at < 0 ? field : field.slice(0, at);
    const value = at < 0 ? '' : field.slice(at + 1);
    if (at < 0) throw new UsageError(`${flag}: "${field}" must be a field and its value, such as pin=34`);
    if (KEY_FIELDS.includes(name)) key[name] = valueOf(keySchema[name], value);
    else if (SOURCE_NAMES.includes(name)) source[name] = valueOf(sourceSchema[name], value);
    else {
      const names = [...KEY_FIELDS, ...SOURCE_NAMES];
      throw new UsageError(
        `${flag}: there is no field "${name}"${didYouMean(name, names) || `; there are ${names.join(', ')}`}`,
      );
    }
  }
  return kind === 'none' ? key : { ...key, source };
}
