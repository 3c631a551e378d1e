/** Steps a world to its end at the wanted pace, and tells everyone who watches. */
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { CycleReport } from '../world/report.ts';
import type { World } from '../world/world.ts';

/** Watches a run; the report is the world's and is written again in the next cycle. */
export interface Watcher {
  /** `stop` ends the run here. */
  cycle(report: CycleReport): Promise<'stop' | undefined> | 'stop' | undefined;
}

export interface Pace {
  cycles_per_second: number;
  now_ms: () => number;
}

/** At full speed the event loop gets its turn this often, for Ctrl-C and for output. */
const TURN_MS = 20;

/** Waits until cycle `index` (from 0) is due. Aborted waits end at once. */
async function untilDue(
  index: number,
  start_ms: number,
  last_turn_ms: number,
  pace: Pace,
  signal: AbortSignal,
): Promise<number> {
  const wait_ms = start_ms + (index / pace.cycles_per_second) * 1000 - pace.now_ms();
  if (wait_ms > 1) {
    await setTimeout(wait_ms, undefined, { signal }).catch(() => undefined);
    return pace.now_ms();
  }
  if (pace.now_ms() - last_turn_ms < TURN_MS) return last_turn_ms;
  await setImmediate();
  return pace.now_ms();
}

export async function runWorld(
  world: World,
  cycles: number,
  watchers: readonly Watcher[],
  pace: Pace,
  signal: AbortSignal,
): Promise<'done' | 'stopped' | 'interrupted'> {
  const start_ms = pace.now_ms();
  let last_turn_ms = start_ms;
  for (let index = 0; index < cycles; index++) {
    last_turn_ms = await untilDue(index, start_ms, last_turn_ms, pace, signal);
    if (signal.aborted) return 'interrupted';
    const report = world.step();
    let stop = false;
    for (const watcher of watchers) stop = (await watcher.cycle(report)) === 'stop' || stop;
    if (stop) return 'stopped';
  }
  return 'done';
}
