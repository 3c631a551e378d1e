/** Whether the process works (`/healthz`), and whether it is of use to anyone (`/readyz`). */
import type { Snapshot } from '../view.ts';

/** `ok` decides the status, the rest says why. */
export interface Condition {
  ok: boolean;
  /** Names of parts that do not work just now. */
  failing: readonly string[];
  [detail: string]: unknown;
}

export interface HealthFacts {
  now_ms: number;
  /** When the process came up. */
  began_ms: number;
  /** The newest; null before the first cycle. */
  snapshot: Snapshot | null;
  /** Names of parts that do not work just now. */
  failing: readonly string[];
  stopping: boolean;
}

/** A node in low power runs one cycle in eight; three of those missed, and something hangs. */
const SILENT_CYCLES = 24;
const SILENT_MIN_MS = 15_000;

function age_ms({ now_ms, began_ms, snapshot }: HealthFacts): number {
  return now_ms - (snapshot?.time_ms ?? began_ms);
}

/** How old a snapshot may be before the gateway counts as stuck. */
function limit_ms({ snapshot }: HealthFacts): number {
  return Math.max(SILENT_MIN_MS, SILENT_CYCLES * (snapshot?.cycle_ms ?? 0));
}

/** The process answers and its cycles run, or it is on the way there: a port that is taken is no reason to be killed. */
export function health(facts: HealthFacts): Condition {
  const swarmDown = facts.failing.includes('swarm');
  const stuck = !swarmDown && age_ms(facts) > limit_ms(facts);
  return {
    ok: !stuck,
    uptime_s: Math.floor((facts.now_ms - facts.began_ms) / 1000),
    cycle_age_ms: facts.snapshot === null ? null : age_ms(facts),
    failing: [...facts.failing],
  };
}

/** It takes part in the swarm, and every part works. */
export function ready(facts: HealthFacts): Condition {
  const { snapshot, failing, stopping } = facts;
  const running = snapshot !== null && age_ms(facts) <= limit_ms(facts);
  return {
    ok: running && failing.length === 0 && !stopping,
    cycling: running,
    stopping,
    failing: [...failing],
    peers: snapshot?.peers.length ?? 0,
    keys: snapshot?.keys.length ?? 0,
    agreed: snapshot?.keys.filter(({ agreed }) => agreed !== null).length ?? 0,
  };
}
