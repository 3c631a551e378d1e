/** The share of the computer's processors that is busy, over a few seconds. */
import { cpus } from 'node:os';
import type { LoadGauge } from '../node-host.ts';

const NONE = -1;
const ONE = 65536;
const WINDOW_MS = 4000;

interface Times {
  busy_ms: number;
  all_ms: number;
}

/** Since the computer started, over all processors. */
function processorTimes(): Times {
  const sum: Times = { busy_ms: 0, all_ms: 0 };
  for (const { times } of cpus()) {
    const all_ms = times.user + times.nice + times.sys + times.irq + times.idle;
    sum.all_ms += all_ms;
    sum.busy_ms += all_ms - times.idle;
  }
  return sum;
}

export class LoadMeter implements LoadGauge {
  readonly #now_ms: () => number;
  readonly #times: () => Times;
  #began_ms: number;
  #before: Times;
  #load = NONE;

  constructor(now_ms: () => number, times: () => Times = processorTimes) {
    this.#now_ms = now_ms;
    this.#times = times;
    this.#began_ms = now_ms();
    this.#before = times();
  }

  /** 0 to 65,536 of the last whole window; NONE before the first, and where the system does not tell. */
  load(): number {
    const now_ms = this.#now_ms();
    if (now_ms - this.#began_ms < WINDOW_MS) return this.#load;
    const now = this.#times();
    const all_ms = now.all_ms - this.#before.all_ms;
    const busy_ms = now.busy_ms - this.#before.busy_ms;
    this.#load = all_ms <= 0 ? NONE : Math.round(Math.min(1, Math.max(0, busy_ms / all_ms)) * ONE);
    this.#began_ms = now_ms;
    this.#before = now;
    return this.#load;
  }
}
