/** From what sensors say to numbers. */
import { describe, expect, it } from 'vitest';
import { conversion } from '../../../gateway/config/units.ts';
import { fieldProblem } from '../../../gateway/sources/field.ts';
import { textReader, type ReaderConfig } from '../../../gateway/sources/reading.ts';

function read(text: string, config: Partial<ReaderConfig> = {}): number | string {
  const usual = { field: '', match: '', scale: 1, offset: 0, unit: '', key_unit: '' };
  const reading = textReader({ ...usual, ...config })(text);
  return reading.kind === 'value' ? reading.value : reading.kind;
}

describe('plain text', () => {
  it.each<[string, number | string]>([
    ['21.5', 21.5],
    [' 21.5 °C\n', 21.5],
    ['-4e-1', -0.4],
    ['', 'malformed'],
    ['unavailable', 'malformed'],
    ['Infinity', 'malformed'],
    ['21,5', 'malformed'],
  ])('%j', (text, value) => expect(read(text)).toBe(value));
});

describe('JSON', () => {
  it.each<[field: string, text: string, value: number | string]>([
    ['temperature', '{"battery":100,"temperature":21.5,"linkquality":90}', 21.5],
    ['ENERGY.Power', '{"Time":"2026-01-31T10:00:00","ENERGY":{"Power":42,"Voltage":231}}', 42],
    ['$.DS18B20.Temperature', '{"DS18B20":{"Id":"x","Temperature":20.1},"TempUnit":"C"}', 20.1],
    ['sensors[1].value', '{"sensors":[{"value":1},{"value":"2"}]}', 2],
    ['["two words"]', '{"two words":3}', 3],
    ['contact', '{"contact":true}', 1],
    ['temperature', '{"temperature":null}', 'malformed'],
    ['temperature', '{"temperature":"unknown"}', 'malformed'],
    ['temperature', '{"humidity":40}', 'other'],
    ['temperature', 'null', 'other'],
    ['toString', '{}', 'other'],
    ['temperature', '{"temperature":', 'malformed'],
  ])('%s of %s', (field, text, value) => expect(read(text, { field })).toBe(value));

  it.each(['', 'a..b', 'a[', 'a[x]', '$'])('%j is no path', (path) => expect(fieldProblem(path)).not.toBe(''));
});

describe('regular expressions', () => {
  it.each<[match: string, text: string, value: number | string]>([
    ['T=([\\d.]+)', 'H=40 T=21.5 C', 21.5],
    ['(\\w+)=(?<value>[\\d.]+)', 'T=21.5', 21.5],
    ['\\d+', 'about 21 degrees', 21],
    ['T=([\\d.]+)', 'booting', 'other'],
    ['T=(\\S+)', 'T=nan', 'malformed'],
  ])('%s in %s', (match, text, value) => expect(read(text, { match })).toBe(value));
});

it('refuses a book', () => expect(read('1'.repeat(100_000))).toBe('malformed'));

describe('units', () => {
  it.each<[from: string, to: string, value: number, wanted: number]>([
    ['°F', '°C', 212, 100],
    ['°C', 'K', 0, 273.15],
    ['kW', 'W', 1.5, 1500],
    ['mbar', 'hPa', 1013, 1013],
    ['km/h', 'm/s', 36, 10],
  ])('%s to %s', (from, to, value, wanted) => {
    const { scale, offset } = conversion(from, to) ?? { scale: NaN, offset: NaN };
    expect(value * scale + offset).toBeCloseTo(wanted, 9);
  });

  it('of different kinds do not turn', () => expect(conversion('kg', '°C')).toBeNull());
});
