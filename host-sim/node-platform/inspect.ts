/** Reads of the firmware's parts what a person wants to see. Values come out in the keys' own units. */
import type { Parts } from '../../firmware/node.ts';

const ONE = 65536;
const NONE = -1;
/** Integers of a peer's row, and the fields read of it (firmware/types/table.ts; a test holds them to it). */
export const ROW = 32;
export const DIRECT_AGE = 6;
export const TRUST = 25;
/** Trust of a peer all of whose contributions were let through. */
const TRUST_FULL = 256;
/** In the order of the REASON_ numbers of firmware/runtime/power.ts. */
const REASONS = ['', 'battery', 'load', 'network'];

export interface KeyStatus {
  name: string;
  /** What the swarm agrees on, as far as this node knows; null before it knows. */
  agreed: number | null;
  /** This node's own reading; null where it has none now. */
  input: number | null;
  /** Sensors behind the agreed value. */
  sensors: number;
  /** The value is being taken from the peers. */
  recovering: boolean;
}

export interface TrustStatus {
  /** 0 to 1, over the peers heard directly. */
  lowest: number;
  mean: number;
  /** Peers that are trusted less than half. */
  distrusted: number;
}

export function fromQ16(value: number): number | null {
  return value === NONE ? null : value / ONE;
}

export function keyStatus({ state, settings }: Parts, inputOf: (key: number) => number): KeyStatus[] {
  return settings.keys.map(({ name }, key) => ({
    name,
    agreed: fromQ16(state.b[key]),
    input: fromQ16(inputOf(key)),
    sensors: state.sensors[key],
    recovering: state.recovering[key] === 1,
  }));
}

/** Null while nobody is heard. */
export function trustStatus({ transport: { table } }: Parts): TrustStatus | null {
  let heard = 0;
  let sum = 0;
  let lowest = TRUST_FULL;
  let distrusted = 0;
  for (let slot = 1; slot < table.count; slot++) {
    const at = slot * ROW;
    if (table.rows[at + DIRECT_AGE] === NONE) continue;
    const trust = table.rows[at + TRUST];
    heard++;
    sum += trust;
    lowest = Math.min(lowest, trust);
    if (trust < TRUST_FULL / 2) distrusted++;
  }
  if (heard === 0) return null;
  return { lowest: lowest / TRUST_FULL, mean: sum / heard / TRUST_FULL, distrusted };
}

/** Reasons that came up, with how often. */
export function dropCounts({ transport: { drops } }: Parts, names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  names.forEach((name, reason) => {
    if (reason > 0 && drops[reason] > 0) counts[name] = drops[reason];
  });
  return counts;
}

/** Why low-power mode was entered; '' when it was not. */
export function lowPowerReason({ power }: Parts): string {
  return power.low ? (REASONS.at(power.reason) ?? '') : '';
}

/** A firmware event's numbers as words: docs/node.md has the list. */
export function eventDetail(name: string, a: number, { settings }: Parts): Record<string, string | number> {
  switch (name) {
    case 'started':
      return { keys: a };
    case 'stopped':
      return { cycle: a };
    case 'state-loaded':
      return { sequence: a };
    case 'low-power-entered':
    case 'low-power-left':
      return { reason: REASONS.at(a) ?? '' };
    case 'recovery-entered':
    case 'recovery-left':
      return { key: settings.keys.at(a)?.name ?? '' };
    case 'send-failed':
      return { times: a };
    default:
      return {};
  }
}
