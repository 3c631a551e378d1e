/** Units that turn into each other: a sensor in °F for a key in °C needs no arithmetic from the user. */

interface Unit {
  /** Units of one kind turn into each other. */
  kind: string;
  /** value in the kind's first unit = value * scale + offset */
  scale: number;
  offset: number;
}

const LIST: readonly (readonly [kind: string, units: Readonly<Record<string, readonly [number, number?]>>])[] = [
  ['temperature', { K: [1], '°C': [1, 273.15], '°F': [5 / 9, 459.67 * (5 / 9)] }],
  ['power', { W: [1], mW: [0.001], kW: [1000], MW: [1e6] }],
  ['energy', { Wh: [1], kWh: [1000], MWh: [1e6], J: [1 / 3600] }],
  ['pressure', { Pa: [1], hPa: [100], kPa: [1000], mbar: [100], bar: [100_000], psi: [6894.757293168] }],
  ['voltage', { V: [1], mV: [0.001], kV: [1000] }],
  ['current', { A: [1], mA: [0.001] }],
  ['length', { m: [1], mm: [0.001], cm: [0.01], km: [1000], in: [0.0254], ft: [0.3048] }],
  ['speed', { 'm/s': [1], 'km/h': [1 / 3.6], mph: [0.44704], kn: [0.514444] }],
  ['volume', { L: [1], mL: [0.001], 'm³': [1000] }],
  ['time', { s: [1], ms: [0.001], min: [60], h: [3600] }],
  ['share', { '%': [1], '1': [100], '‰': [0.1] }],
];

const UNITS = new Map<string, Unit>(
  LIST.flatMap(([kind, units]) =>
    Object.entries(units).map(([name, [scale, offset = 0]]) => [name, { kind, scale, offset }] as const),
  ),
);

/** C and F are what people type. */
const ALIASES: Readonly<Record<string, string>> = { C: '°C', F: '°F', l: 'L', m3: 'm³', degC: '°C', degF: '°F' };

function unitOf(name: string): Unit | undefined {
  return UNITS.get(ALIASES[name] ?? name);
}

export interface Conversion {
  scale: number;
  offset: number;
}

/** From a value in one unit to the same in another: `value * scale + offset`. Null where they are of different kinds. */
export function conversion(from: string, to: string): Conversion | null {
  if (from === to || from === '') return { scale: 1, offset: 0 };
  const [a, b] = [unitOf(from), unitOf(to)];
  if (a === undefined || a.kind !== b?.kind) return null;
  return { scale: a.scale / b.scale, offset: (a.offset - b.offset) / b.scale };
}

/** Names that turn into this one. */
export function relatives(name: string): string[] {
  const unit = unitOf(name);
  return unit === undefined ? [] : [...UNITS].filter(([, { kind }]) => kind === unit.kind).map(([other]) => other);
}
