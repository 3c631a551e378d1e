/** From what a sensor says, a text, to a number in the key's unit. */
import { numberIn } from '../../host-sim/node-platform/sensors/source.ts';
import type { SourceConfig } from '../config/config.ts';
import { conversion } from '../config/units.ts';
import { fieldIn, parseField } from './field.ts';
import { compileMatch, matchIn } from './match.ts';

export type Reading =
  | { kind: 'value'; value: number }
  /** It is for somebody else: another line of the same port, a message without this field. */
  | { kind: 'other' }
  /** It was meant as a reading and is none. */
  | { kind: 'malformed'; why: string };

/** Beyond it nobody sends a reading. */
export const TEXT_MAX_BYTES = 65_536;
const SHOWN = 24;

function shown(value: unknown): string {
  // JSON has no word for a number that is too large.
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value ?? null);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
}

/** A sensor's yes and no are readings too: a window that is open, a pump that runs. */
function numberOf(value: unknown): Reading {
  if (typeof value === 'boolean') return { kind: 'value', value: value ? 1 : 0 };
  if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'value', value };
  if (typeof value === 'string') {
    const reading = numberIn(value, 'it');
    return reading.kind === 'value' ? reading : { kind: 'malformed', why: reading.why };
  }
  return { kind: 'malformed', why: `${shown(value)} is no number` };
}

export interface ReaderConfig extends Pick<SourceConfig, 'field' | 'match' | 'scale' | 'offset' | 'unit'> {
  key_unit: string;
}

/** @returns what makes a reading of a text */
export function textReader(config: ReaderConfig): (text: string) => Reading {
  const path = config.field === '' ? null : parseField(config.field);
  const pattern = config.match === '' ? undefined : compileMatch(config.match);
  const unit = conversion(config.unit, config.key_unit) ?? { scale: 1, offset: 0 };
  const scaled = (reading: Reading): Reading => {
    if (reading.kind !== 'value') return reading;
    const value = (reading.value * config.scale + config.offset) * unit.scale + unit.offset;
    return Number.isFinite(value) ? { kind: 'value', value } : { kind: 'malformed', why: 'it is no finite number' };
  };
  return (text) => {
    if (text.length > TEXT_MAX_BYTES) return { kind: 'malformed', why: `it has ${text.length} characters` };
    if (pattern !== undefined) {
      const found = matchIn(text, pattern);
      return found === undefined ? { kind: 'other' } : scaled(numberOf(found));
    }
    if (path === null) return scaled(numberOf(text));
    const field = fieldIn(text, path);
    switch (field.kind) {
      case 'value':
        return scaled(numberOf(field.value));
      case 'missing':
        return { kind: 'other' };
      case 'none':
        return { kind: 'malformed', why: field.why };
    }
  };
}
