/** Which fields a source of readings has, by its kind, and which quantities each sensor has. */

export const SOURCE_KINDS = ['i2c', 'analog', 'counter', 'synthetic'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

interface Fields {
  needs: readonly string[];
  may: readonly string[];
}

const COMMON = ['kind', 'scale', 'offset', 'every_s'];

/** As firmware/device/README.md has them. */
export const SOURCE_FIELDS: Readonly<Record<SourceKind, Fields>> = {
  i2c: { needs: ['driver'], may: [...COMMON, 'driver', 'quantity', 'address'] },
  analog: { needs: ['pin'], may: [...COMMON, 'pin'] },
  counter: { needs: ['pin'], may: [...COMMON, 'pin'] },
  synthetic: { needs: [], may: [...COMMON, 'value', 'swing', 'period_s', 'noise'] },
};

/** As firmware/device/esp32/sensor-drivers.ts has them. */
export const QUANTITIES: Readonly<Record<string, readonly string[]>> = {
  aht10: ['temperature', 'humidity'],
  bme68x: ['temperature', 'humidity', 'pressure'],
  bmp280: ['temperature', 'pressure'],
  sht3x: ['temperature', 'humidity'],
  shtc3: ['temperature', 'humidity'],
  tmp117: ['temperature'],
};

/** A source whose fields the schema has found to be of the right kind each. */
export interface SourceText {
  kind: SourceKind;
  driver?: string;
  quantity?: string;
  pin?: number;
}

export interface KeyText {
  name: string;
  floor?: number;
  span?: number;
  range?: [number, number];
  source?: SourceText;
}

/** What a key has where it does not say, as in firmware/device/config/keys.ts. */
export const KEY_FLOOR = 0.015625;
export const KEY_SPAN = 16;
