/**
 * Inside XS: which function the steps of a measured node go to. The instrumented bundle (`../instrument.ts`) calls `enter`
 * and `leave` around each of its functions; what these do themselves is not counted, but the way there is, the same for
 * each call: `calibrate` tells how much.
 */

declare function resetMeter(limit: number, count: number): number;

/** Calls within calls, at the most. */
const DEPTH_MAX = 256;

/** The same loop three times: with nothing in it, with calls of a function that does nothing, and with calls of it instrumented. */
export interface Noop {
  rounds: number;
  loop: () => void;
  bare: () => void;
  wrapped: () => void;
}

/** An account is a phase and a function: one that works for whoever calls it has an account in each of their phases. */
export interface SpanCounts {
  /** [phase * width + function]; the last function of a phase stands for what is in none. */
  steps: number[];
  calls: number[];
  /** [account * arities + arity]: calls that were made from it of functions with so many parameters. */
  made: number[];
}

/** Of each function, the noops last. */
export interface Functions {
  arities: number[];
  /** Number of its phase, or -1 for its caller's. */
  phases: number[];
}

export interface Calibration {
  /** What an instrumented call adds to its caller, in steps. */
  caller: number;
  /** What it adds to the function called, which in truth bears the call alone. */
  callee: number;
}

export class Spans {
  private readonly steps: Float64Array;
  private readonly calls: Float64Array;
  private readonly made: Float64Array;
  private readonly stack = new Int32Array(DEPTH_MAX);
  private depth = 0;
  private isOpen = false;
  private readonly functions: Functions;
  private readonly width: number;
  private readonly arities: number;

  constructor(functions: Functions) {
    this.functions = functions;
    this.width = functions.arities.length + 1;
    this.arities = Math.max(...functions.arities) + 1;
    const accounts = (Math.max(...functions.phases) + 1) * this.width;
    this.steps = new Float64Array(accounts);
    this.calls = new Float64Array(accounts);
    this.made = new Float64Array(accounts * this.arities);
    this.stack[0] = accounts - 1;
  }

  enter(index: number): void {
    if (!this.isOpen) return;
    const steps = resetMeter(0, 0);
    const { functions, width } = this;
    const caller = this.stack[this.depth];
    const phase = functions.phases[index];
    const account = (phase < 0 ? caller - (caller % width) : phase * width) + index;
    this.stack[++this.depth] = account;
    this.steps[caller] += steps;
    this.calls[account]++;
    this.made[caller * this.arities + functions.arities[index]]++;
    resetMeter(0, 0);
  }

  leave(): void {
    if (!this.isOpen) return;
    this.add(resetMeter(0, 0));
    this.depth--;
    resetMeter(0, 0);
  }

  /** Called, as `close` is, where no function of the bundle runs: what happens in between only is looked at. */
  open(): void {
    this.isOpen = true;
  }

  /** @param steps since the last call or return */
  close(steps: number): void {
    this.add(steps);
    this.isOpen = false;
  }

  /** Steps of the function that runs now. */
  add(steps: number): void {
    this.steps[this.stack[this.depth]] += steps;
  }

  /** What was counted since the last time. */
  take(): SpanCounts {
    const counts = { steps: [...this.steps], calls: [...this.calls], made: [...this.made] };
    this.steps.fill(0);
    this.calls.fill(0);
    this.made.fill(0);
    return counts;
  }

  /** @param noops by their number of parameters */
  calibrate(noops: Noop[]): Calibration[] {
    return noops.map(({ rounds, loop, bare, wrapped }) => {
      const empty = stepsOf(loop);
      const call = stepsOf(bare) - empty;
      this.take();
      this.open();
      const last = stepsOf(wrapped);
      this.close(last);
      const { steps } = this.take();
      const outside = steps[steps.length - 1];
      const inside = steps.reduce((sum, one) => sum + one, 0) - outside;
      return { caller: (outside - empty) / rounds, callee: (inside - call) / rounds };
    });
  }
}

function stepsOf(run: () => void): number {
  resetMeter(0, 0);
  run();
  return resetMeter(0, 0);
}
