/**
 * The device class that Home Assistant has for a unit, where a unit has only one (homeassistant/components/sensor/const.py,
 * DEVICE_CLASS_UNITS). `%`, `ppm` or `m` may be many things: then only the configuration can say.
 */

const CLASS_OF_UNIT: Readonly<Record<string, string>> = {
  '°C': 'temperature',
  '°F': 'temperature',
  K: 'temperature',
  hPa: 'pressure',
  kPa: 'pressure',
  Pa: 'pressure',
  bar: 'pressure',
  cbar: 'pressure',
  mbar: 'pressure',
  mmHg: 'pressure',
  inHg: 'pressure',
  psi: 'pressure',
  V: 'voltage',
  mV: 'voltage',
  A: 'current',
  mA: 'current',
  W: 'power',
  kW: 'power',
  VA: 'apparent_power',
  Hz: 'frequency',
  kHz: 'frequency',
  MHz: 'frequency',
  lx: 'illuminance',
  'W/m²': 'irradiance',
  'µS/cm': 'conductivity',
  'mS/cm': 'conductivity',
  dBm: 'signal_strength',
  dBA: 'sound_pressure',
  'L/min': 'volume_flow_rate',
  'm³/h': 'volume_flow_rate',
  'km/h': 'speed',
  'm/s': 'speed',
  'mm/h': 'precipitation_intensity',
};

/** Units that the last part of a key's name settles: `room1/humidity`, `co2`. */
const CLASS_OF_NAME: Readonly<Record<string, readonly [unit: string, deviceClass: string]>> = {
  humidity: ['%', 'humidity'],
  moisture: ['%', 'moisture'],
  battery: ['%', 'battery'],
  co2: ['ppm', 'carbon_dioxide'],
  co: ['ppm', 'carbon_monoxide'],
  pm1: ['µg/m³', 'pm1'],
  pm25: ['µg/m³', 'pm25'],
  pm10: ['µg/m³', 'pm10'],
};

/** Spellings that people use, and the one that Home Assistant knows. */
const SPELLING: Readonly<Record<string, string>> = {
  C: '°C',
  degC: '°C',
  F: '°F',
  degF: '°F',
  lux: 'lx',
  'uS/cm': 'µS/cm',
  'ug/m3': 'µg/m³',
  'μg/m³': 'µg/m³',
  'm3/h': 'm³/h',
  'W/m2': 'W/m²',
};

export function unitOf(unit: string): string {
  return SPELLING[unit] ?? unit;
}

/** '' where nothing is certain: the sensor then has its unit and no class. */
export function deviceClassOf(key: string, unit: string): string {
  const known = unitOf(unit);
  const last = key.toLowerCase().split('/').at(-1) ?? '';
  const named = Object.hasOwn(CLASS_OF_NAME, last) ? CLASS_OF_NAME[last] : undefined;
  if (named !== undefined) return named[0] === known ? named[1] : '';
  return CLASS_OF_UNIT[known] ?? '';
}
