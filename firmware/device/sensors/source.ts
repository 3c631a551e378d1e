/** Where a key's readings come from. A source gives a number in its own unit; scale and offset make it the key's. */

export type SourceKind = 'analog' | 'counter' | 'i2c' | 'synthetic';
export const SOURCE_KINDS: readonly SourceKind[] = Object.freeze<SourceKind[]>([
  'analog',
  'counter',
  'i2c',
  'synthetic',
]);

/** Fields that a kind does not use are there with their defaults. */
export interface SourceSettings {
  kind: SourceKind;
  /** analog, counter: the GPIO. */
  pin: number;
  /** i2c: a sensor driver that the platform carries, such as `sht3x`, and what to take of it. */
  driver: string;
  quantity: string;
  /** i2c: the sensor's address; 0 for the driver's own. */
  address: number;
  /** synthetic: the middle, the swing to each side of it, the time of one swing, and noise on top. */
  value: number;
  swing: number;
  period_s: number;
  noise: number;
  /** The key's value is `reading * scale + offset`; values are never negative, so an offset maps what can be. */
  scale: number;
  offset: number;
  /** Time between two readings. */
  every_ms: number;
}

export interface Source {
  /** The reading now: volts (analog), pulses a second (counter), °C, % or hPa (i2c); NaN when there is none. */
  read(): number;
  close(): void;
}
