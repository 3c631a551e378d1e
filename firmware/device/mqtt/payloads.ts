/** What stands on the topics, as JSON: the gateway's shapes (gateway/mqtt/payloads.ts) from the node's own tables. */

import { DROP_NAMES, type Parts } from '../../node.ts';
import { NONE } from '../../platform.ts';
import { DIFF_NONE } from '../../fixed/diff.ts';
import { AGE, COUNTED, DIRECT_AGE, HOLDS, PACE, ROW, TAG, TRUST } from '../../types/table.ts';

const ONE = 65536;
const TRUST_FULL = 256;
const TRUST_DIGITS = 2;
const MINUTE_MS = 60_000;
/** Below so many contributions the guard leaves nobody out, and from there those beyond so many caps (firmware/drift/guard.ts). */
const GUARD_MIN = 6;
const REJECT_CAPS = 2;

/** Digits behind the point that tell `resolution` apart, and one more: 0.05 gives 3. At most 6. */
export function digitsOf(resolution: number): number {
  if (!(resolution > 0)) return 6;
  return Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(resolution))));
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function fromQ16(value: number, digits: number): number | null {
  return value === NONE ? null : round(value / ONE, digits);
}

export function keyPayload(parts: Parts, key: number, unit: string, digits: number, time_ms: number): string {
  const { state, settings, transport } = parts;
  const own = transport.table.values[2 * key];
  const recovering = state.recovering[key] === 1;
  return JSON.stringify({
    agreed: recovering ? null : fromQ16(state.b[key], digits),
    spread: round(spreadOf(parts, key), digits),
    own: own === DIFF_NONE ? null : round((own + settings.keys[key].reference) / ONE, digits),
    mean: fromQ16(state.x[key], digits),
    sensors: state.sensors[key],
    unit,
    recovering,
    time_ms,
  });
}

/** Largest difference between the fresh agreed values that the node hears of those that count, its own among them. */
function spreadOf({ state, settings, drift, transport: { table } }: Parts, key: number): number {
  const own = state.b[key];
  const { reference, guard, span } = settings.keys[key];
  const reject = guard && state.med[key] !== NONE && state.sensors[key] >= GUARD_MIN;
  const limit = Math.max(state.cap[key], Math.min(REJECT_CAPS * state.cap[key], span));
  let least = own === NONE ? Infinity : own;
  let most = own === NONE ? -Infinity : own;
  for (let slot = 1; slot < table.count; slot++) {
    const age = table.rows[slot * ROW + DIRECT_AGE];
    const at = (slot * table.keys + key) * 2;
    const said = table.values[at + 1];
    if (age === NONE || age > drift.coefficients.vote_age_max || said === DIFF_NONE) continue;
    const given = table.values[at];
    const counts = given !== DIFF_NONE && (table.uncounted === 0 || table.rows[slot * ROW + COUNTED] === 1);
    // Who is left out may say what it likes of the agreed value.
    if (reject && counts && Math.abs(given + reference - state.med[key]) > limit) continue;
    least = Math.min(least, said + reference);
    most = Math.max(most, said + reference);
  }
  return most < least ? 0 : (most - least) / ONE;
}

export function peersPayload({ transport: { table } }: Parts, time_ms: number): string {
  const count = table.count - 1;
  let least = TRUST_FULL;
  let peers = '';
  for (let slot = 1; slot < table.count; slot++) {
    const at = slot * ROW;
    const trust = table.rows[at + TRUST];
    least = Math.min(least, trust);
    const peer = JSON.stringify({
      peer: (table.rows[at + TAG] >>> 0).toString(16).padStart(8, '0'),
      trust: round(trust / TRUST_FULL, TRUST_DIGITS),
      age_cycles: table.rows[at + AGE],
      holds: table.rows[at + HOLDS],
      pace: table.rows[at + PACE],
    });
    peers += slot === 1 ? peer : `,${peer}`;
  }
  const trust_least = count === 0 ? 'null' : `${round(least / TRUST_FULL, TRUST_DIGITS)}`;
  return `{"count":${count},"trust_least":${trust_least},"peers":[${peers}],"time_ms":${time_ms}}`;
}

export interface GatewayFacts {
  version: string;
  site: string;
  sealed: boolean;
  /** Since the message before, for the bytes sent in a minute; 0 at first. */
  elapsed_ms: number;
  sent_bytes: number;
}

/** What is received is not counted on a device: null. */
export function gatewayPayload({ transport, settings, power }: Parts, facts: GatewayFacts, time_ms: number): string {
  const { elapsed_ms, sent_bytes } = facts;
  const head = JSON.stringify({
    version: facts.version,
    site: facts.site,
    swarm: settings.swarm,
    sealed: facts.sealed,
    cycle: transport.cycle,
    cycle_ms: settings.cycle_ms,
    low_power: power.low,
    peers: transport.table.count - 1,
  });
  const tail = JSON.stringify({
    sent_bytes_per_minute: elapsed_ms > 0 ? Math.round((sent_bytes * MINUTE_MS) / elapsed_ms) : 0,
    received_bytes_per_minute: null,
    time_ms,
  });
  return `${head.slice(0, -1)},"drops":${dropsJson(transport.drops)},${tail.slice(1)}`;
}

/** By reason, those that came up. */
function dropsJson(drops: Int32Array): string {
  let text = '';
  for (let reason = 1; reason < DROP_NAMES.length; reason++) {
    if (drops[reason] > 0) text += `${text === '' ? '' : ','}"${DROP_NAMES[reason]}":${drops[reason]}`;
  }
  return `{${text}}`;
}
