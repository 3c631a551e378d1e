/** The keys and their sources: how their fields hang together, and what the board can do. */
import type { Board } from '../../boards/board.ts';
import { type Chip, rangesText, within } from '../../boards/chips.ts';
import { memoryOn, portOn } from '../../boards/pins.ts';
import { didYouMean } from '../../cli/nearest.ts';
import type { Problem } from '../../cli/schema.ts';
import { STRING_BYTES_MAX } from '../nvs/layout.ts';
import { KEY_FLOOR, KEY_SPAN, type KeyText, QUANTITIES, SOURCE_FIELDS, type SourceText } from './key-fields.ts';
import { KEYS } from './names.ts';

/** What a source's pins are checked against; null where neither a board was named nor a chip found. */
export interface Target {
  board: Board | null;
  chip: Chip | null;
}

/** What of the board itself is on a pin; '' for nothing. */
function partOn(pin: number, { i2c, led, battery }: Board): string {
  if (i2c !== null && [i2c.data, i2c.clock].includes(pin)) return 'the I2C bus of the board';
  if (led !== null && [led.pin, led.power].includes(pin)) return 'the lamp of the board';
  if (battery !== null && [battery.pin, battery.enable].includes(pin)) return 'the battery of the board';
  return '';
}

function pinProblem(source: SourceText, { board, chip }: Target): string {
  const { kind, pin = -1 } = source;
  if (kind === 'i2c')
    return board !== null && board.i2c === null ? `needs I2C pins, and board.json of ${board.name} has none` : '';
  if (chip === null || kind === 'synthetic') return '';
  if (!within(chip.pins, pin)) return `must be a GPIO of the ${chip.name}, which has ${rangesText(chip.pins)}`;
  if (within([chip.flashPins], pin)) {
    return `must be another GPIO: ${rangesText([chip.flashPins])} belong to the flash of the ${chip.name}`;
  }
  if (kind === 'analog' && !within([chip.analog], pin)) {
    return `must be on the first converter of the ${chip.name}: ${rangesText([chip.analog])}`;
  }
  if (board === null) return '';
  const taker = memoryOn(pin, chip, board.psram_mb) || portOn(pin, chip, board.usb);
  if (taker !== '') return `must be another GPIO: it belongs to ${taker}`;
  const part = partOn(pin, board);
  return part === '' ? '' : `must be another GPIO: ${part} is on it`;
}

function sourceProblems(source: SourceText, path: Problem['path'], target: Target): Problem[] {
  const { needs, may } = SOURCE_FIELDS[source.kind];
  const values: Readonly<Record<string, unknown>> = { ...source };
  const problems: Problem[] = [];
  const add = (field: string, value: unknown, says: string): void => {
    problems.push({ path: [...path, field], value, says });
  };
  for (const field of Object.keys(source)) {
    if (may.includes(field)) continue;
    add(field, undefined, `does not go with kind ${source.kind}, which has ${may.join(', ')}${didYouMean(field, may)}`);
  }
  for (const field of needs) {
    if (values[field] === undefined) add(field, undefined, `is missing; kind ${source.kind} needs it`);
  }
  const quantities = QUANTITIES[source.driver ?? ''] as readonly string[] | undefined;
  const { quantity = 'temperature' } = source;
  if (source.kind === 'i2c' && quantities !== undefined && !quantities.includes(quantity)) {
    add('quantity', quantity, `must be one of ${quantities.join(', ')}, which the ${source.driver ?? ''} measures`);
  }
  const says = problems.length > 0 ? '' : pinProblem(source, target);
  if (says !== '') add(source.kind === 'i2c' ? 'kind' : 'pin', source.kind === 'i2c' ? 'i2c' : source.pin, says);
  return problems;
}

export function keyProblems(key: KeyText, index: number, keys: readonly KeyText[], target: Target): Problem[] {
  const path = [KEYS, index];
  const { name, floor = KEY_FLOOR, span = KEY_SPAN, range = [0, 1000], source } = key;
  const problems: Problem[] = [];
  const first = keys.findIndex((other) => other.name === name);
  if (first < index)
    problems.push({ path: [...path, 'name'], value: name, says: `must be another name than that of keys[${first}]` });
  if (span < floor) problems.push({ path: [...path, 'span'], value: span, says: `must be at least floor, ${floor}` });
  if (range[1] < range[0])
    problems.push({ path: [...path, 'range'], value: range, says: 'must be the lowest value, then the highest' });
  const bytes = Buffer.byteLength(JSON.stringify(key));
  if (bytes >= STRING_BYTES_MAX)
    problems.push({ path, value: undefined, says: `takes ${bytes} bytes; NVS holds ${STRING_BYTES_MAX - 1}` });
  if (source !== undefined) problems.push(...sourceProblems(source, [...path, 'source'], target));
  return problems;
}

/** The pin that a key's source opens for itself. */
function pinOf({ source }: KeyText): number | undefined {
  return source?.kind === 'analog' || source?.kind === 'counter' ? source.pin : undefined;
}

/** Keys whose sensor another key's sensor is in the way of: the chip opens a pin once, and the node runs without the second. */
export function pinWarnings(keys: readonly KeyText[]): string[] {
  return keys.flatMap((key, i) => {
    const pin = pinOf(key);
    const first = keys.findIndex((other) => pin !== undefined && pinOf(other) === pin);
    if (first < 0 || first === i) return [];
    return [
      `${key.name} and ${keys[first].name} both read GPIO ${pin}: the chip opens a pin once, so ${key.name} gets no readings`,
    ];
  });
}
