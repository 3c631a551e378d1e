/** Reads `--sensor room1/temp=file:/sys/class/thermal/thermal_zone0/temp*0.001`. */
import type { KeySettings } from '../../../firmware/node.ts';
import { didYouMean } from '../../../tools/cli/nearest.ts';
import { EXIT_WRONG_SENSOR, NodeFailure } from '../failure.ts';

export type SensorSource =
  | { kind: 'constant'; value: number }
  | { kind: 'walk'; start: number; step: number }
  | { kind: 'file'; path: string }
  | { kind: 'cmd'; command: string }
  | { kind: 'stdin' };

export interface SensorSpec {
  key: string;
  source: SensorSource;
  /** The key's value is `reading * scale + offset`. */
  scale: number;
  offset: number;
  /** Time between two readings. */
  every_ms: number;
}

/** Settings are Q16.16. */
const ONE = 65_536;

const FORMS =
  'a number, walk:START:STEP, file:PATH, cmd:COMMAND or stdin, each with *SCALE+OFFSET and @SECONDS behind it where it needs them';
const KINDS = ['walk', 'file', 'cmd', 'stdin'];
const EVERY_MS = 1000;
/** A program a second would be a load of its own. */
const COMMAND_EVERY_MS = 10_000;
const EVERY_MAX_S = 86_400;

const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?`;
/** `*0.001`, `*0.001+40`, `@10`, or scale and time: only at the end, so that paths and commands may hold such signs. */
const TAIL = new RegExp(
  String.raw`^(?<body>.*?)(?:\*(?<scale>${NUMBER})(?<offset>[-+](?:\d+\.?\d*|\.\d+))?)?(?:@(?<every>\d+\.?\d*)s?)?$`,
  'is',
);

function wrong(text: string, why: string): NodeFailure {
  return new NodeFailure(EXIT_WRONG_SENSOR, `--sensor ${text}: ${why}`);
}

function readSource(text: string, body: string): SensorSource {
  if (new RegExp(`^${NUMBER}$`, 'i').test(body)) return { kind: 'constant', value: Number(body) };
  if (body === 'stdin') return { kind: 'stdin' };
  const colon = body.indexOf(':');
  const kind = colon < 0 ? body : body.slice(0, colon);
  const rest = colon < 0 ? '' : body.slice(colon + 1);
  if (kind === 'file' && rest !== '') return { kind: 'file', path: rest };
  if (kind === 'cmd' && rest.trim() !== '') return { kind: 'cmd', command: rest };
  if (kind === 'walk') {
    const [start = '', step = '', ...more] = rest.split(':');
    const fine = [start, step].every((word) => new RegExp(`^${NUMBER}$`, 'i').test(word)) && more.length === 0;
    if (fine && Number(step) >= 0) return { kind: 'walk', start: Number(start), step: Number(step) };
    throw wrong(text, 'walk needs where it starts and how far a step goes, such as walk:21.5:0.2');
  }
  throw wrong(text, `the source must be ${FORMS}${didYouMean(kind, KINDS)}`);
}

/** @throws NodeFailure */
export function parseSensor(text: string): SensorSpec {
  const equals = text.indexOf('=');
  const key = text.slice(0, Math.max(0, equals));
  if (!/^[^\s,:]{1,64}$/.test(key)) {
    throw wrong(
      text,
      'must be KEY=SOURCE, such as room1/temp=21.5; a key has 1 to 64 letters without spaces, commas or colons',
    );
  }
  const groups: Partial<Record<string, string>> = TAIL.exec(text.slice(equals + 1))?.groups ?? {};
  const source = readSource(text, groups.body ?? '');
  const scale = Number(groups.scale ?? 1);
  const offset = Number(groups.offset ?? 0);
  const every_ms =
    groups.every === undefined
      ? source.kind === 'cmd'
        ? COMMAND_EVERY_MS
        : EVERY_MS
      : Math.round(1000 * Number(groups.every));
  if (every_ms < 50 || every_ms > 1000 * EVERY_MAX_S) {
    throw wrong(text, `the time behind @ must be 0.05 to ${EVERY_MAX_S} seconds`);
  }
  if (!Number.isFinite(scale) || !Number.isFinite(offset)) throw wrong(text, 'scale and offset must be numbers');
  return { key, source, scale, offset, every_ms };
}

/** @throws NodeFailure when a key has two sources, is none of the swarm's, or a value that never counts */
export function checkSensors(specs: readonly SensorSpec[], settings: readonly KeySettings[]): void {
  const keys = settings.map(({ name }) => name);
  specs.forEach(({ key, source, scale, offset }, i) => {
    if (specs.findIndex((other) => other.key === key) !== i) {
      throw wrong(key, 'this key has a source already; give each key one --sensor');
    }
    const own = settings.find(({ name }) => name === key);
    if (own !== undefined) {
      const [low, high] = [own.low / ONE, own.high / ONE];
      const value = source.kind === 'constant' ? source.value * scale + offset : low;
      if (value >= low && value <= high) return;
      throw wrong(key, `${value} is outside the key's range, ${low} to ${high}, and would never count`);
    }
    throw wrong(key, `is no key of this swarm${didYouMean(key, keys) || `; there are ${keys.join(', ')}`}`);
  });
}
