/** The board's part of `mc/config`: the build writes it from `boards/<name>/board.json`; without it there are no pins. */

import type { BatteryPins, Board, I2CPins, Lamp } from '../hardware.ts';
import { flagField, isObject, numberField, textField, wordField } from './fields.ts';

const LAMPS = Object.freeze(['gpio', 'pixel'] as const);

interface BoardFields {
  name?: unknown;
  i2c?: unknown;
  led?: unknown;
  battery?: unknown;
}

export function readBoard(value: unknown): Board {
  if (!isObject(value)) return { name: 'unknown', i2c: null, led: null, battery: null };
  const fields: BoardFields = value;
  return {
    name: textField('board.name', fields.name, 'unknown'),
    i2c: isObject(fields.i2c) ? readI2C(fields.i2c) : null,
    led: isObject(fields.led) ? readLamp(fields.led) : null,
    battery: isObject(fields.battery) ? readBattery(fields.battery) : null,
  };
}

function readI2C(fields: { data?: unknown; clock?: unknown }): I2CPins {
  return {
    data: numberField('board.i2c.data', fields.data, -1),
    clock: numberField('board.i2c.clock', fields.clock, -1),
  };
}

function readLamp(fields: { kind?: unknown; pin?: unknown; active_low?: unknown; power?: unknown }): Lamp {
  return {
    kind: LAMPS[wordField('board.led.kind', fields.kind, LAMPS)],
    pin: numberField('board.led.pin', fields.pin, -1),
    active_low: flagField('board.led.active_low', fields.active_low, false),
    power: numberField('board.led.power', fields.power, -1),
  };
}

interface BatteryFields {
  pin?: unknown;
  enable?: unknown;
  divider?: unknown;
  empty_mv?: unknown;
  full_mv?: unknown;
}

function readBattery(fields: BatteryFields): BatteryPins {
  return {
    pin: numberField('board.battery.pin', fields.pin, -1),
    enable: numberField('board.battery.enable', fields.enable, -1),
    divider: numberField('board.battery.divider', fields.divider, 2),
    empty_mv: numberField('board.battery.empty_mv', fields.empty_mv, 3300),
    full_mv: numberField('board.battery.full_mv', fields.full_mv, 4200),
  };
}
