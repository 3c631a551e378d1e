/**
 * Replays in a sealed swarm. Every datagram carries the swarm's clock, in seconds: the largest of what its sender's
 * platform knows, what it had stored, and what it heard from other members. Nobody without the key can set it, so a
 * datagram that lies behind it is an old one sent once more. No clock need be right: it only has to go forward.
 *
 * A node without time that starts with an empty store knows nothing that is newer than a replay; it takes one for live
 * until it hears a member. The clock then jumps, and all that came before is forgotten.
 */

import { wholeSeconds } from '../fixed/words.ts';
import type { ClockPort } from '../platform.ts';

/** A datagram may lie this far behind: a swarm's clocks come together within a few cycles, and none is longer than 60 s. */
export const REPLAY_WINDOW_S = 64;
/** Bytes of the clock, between the messages and the seal: seconds since 1970 as the swarm has them, u32. */
export const CLOCK_BYTES = 4;

/** What became of a datagram's clock. */
export const FRESH = 0;
export const REPLAYED = 1;
/** Fresh, and so far ahead that all that was taken for live so far may have been replayed. */
export const FRESH_AHEAD = 2;

export interface Freshness {
  /** The swarm's clock, below 2^32, and the moment up to which it was kept. */
  clock_s: number;
  ticks: number;
}

export function createFreshness(): Freshness {
  return { clock_s: 0, ticks: 0 };
}

/** Begins from a stored clock, or from 0. */
export function startClock(f: Freshness, clock: ClockPort, stored_s: number): void {
  f.clock_s = stored_s;
  f.ticks = clock.ticks_ms();
  keepClock(f, clock);
}

/** Once a cycle: lets the clock go on, and follow the platform's where that is ahead. */
export function keepClock(f: Freshness, clock: ClockPort): void {
  const passed_ms = (clock.ticks_ms() - f.ticks) | 0;
  if (passed_ms >= 1000) {
    const passed_s = wholeSeconds(passed_ms);
    f.ticks = (f.ticks + passed_s * 1000) | 0;
    advance(f, f.clock_s + passed_s);
  }
  const epoch_ms = clock.epoch_ms();
  if (epoch_ms > 0) advance(f, wholeSeconds(epoch_ms));
}

/** Never back, and never beyond what its four bytes hold. */
function advance(f: Freshness, clock_s: number): void {
  if (clock_s > f.clock_s) f.clock_s = clock_s > 0xffffffff ? 0xffffffff : clock_s;
}

/** Judges the clock of a datagram whose seal was right, and follows it. */
export function judgeClock(f: Freshness, clock_s: number): number {
  if (clock_s < f.clock_s - REPLAY_WINDOW_S) return REPLAYED;
  const ahead = clock_s > f.clock_s + REPLAY_WINDOW_S;
  advance(f, clock_s);
  return ahead ? FRESH_AHEAD : FRESH;
}
