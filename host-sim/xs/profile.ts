/** Where a cycle's steps go, by phase and by function, from a run of the instrumented bundle. */
import { flatten } from './flat.ts';
import { instrument } from './instrument.ts';
import type { FirmwareFunction } from './instrument.ts';
import { ask, beginSwarm, isUsual, MEASURED_CYCLES, openProbe } from './measure.ts';
import { PHASES } from './phases.ts';
import type { Phase } from './phases.ts';
import type { Calibration, SpanCounts } from './probe/spans.ts';
import type { SwarmCase } from './probe/swarm.ts';
import type { XsSession } from './session.ts';

export interface FunctionCost {
  name: string;
  file: string;
  /** A cycle. Steps are the function's own, without those of what it calls. */
  calls: number;
  steps: number;
}

export interface Profile {
  phases: Record<Phase, number>;
  /** The dearest first. */
  functions: FunctionCost[];
}

/** @param map the bundle's own source map, as JSON */
export async function profile(bundle: string, map: string, one: SwarmCase, programs?: string): Promise<Profile> {
  const { code, functions } = instrument(bundle, map);
  const session = openProbe(await flatten(code), programs);
  try {
    const calibrations = ask(session, 'calibrate');
    beginSwarm(session, one);
    const { counts, cycles } = countCycles(session, one);
    return summarise(functions, ownSteps(counts, functions, calibrations), counts, cycles);
  } finally {
    session.close();
  }
}

function countCycles(session: XsSession, one: SwarmCase): { counts: SpanCounts; cycles: number } {
  ask(session, 'takeCounts');
  let counts: SpanCounts | null = null;
  let cycles = 0;
  for (let cycle = 0; cycle < MEASURED_CYCLES; cycle++) {
    const [figures] = ask(session, 'cycles', 1);
    const taken = ask(session, 'takeCounts');
    if (!isUsual(figures, one)) continue;
    cycles++;
    counts = counts === null ? taken : sumOf(counts, taken);
  }
  if (counts === null) throw new Error(`no cycle of ${MEASURED_CYCLES} brought what the case asks for`);
  return { counts, cycles };
}

function sumOf(a: SpanCounts, b: SpanCounts): SpanCounts {
  const sum = (x: number[], y: number[]): number[] => x.map((value, i) => value + y[i]);
  return { steps: sum(a.steps, b.steps), calls: sum(a.calls, b.calls), made: sum(a.made, b.made) };
}

/** Takes off what the spans themselves cost, call by call. */
function ownSteps(
  { steps, calls, made }: SpanCounts,
  functions: FirmwareFunction[],
  calibrations: Calibration[],
): number[] {
  const arities = calibrations.length;
  const width = steps.length / PHASES.length;
  return steps.map((counted, account) => {
    const one = account % width;
    let own = counted;
    if (one < functions.length) own -= calls[account] * calibrations[functions[one].parameters].callee;
    for (let arity = 0; arity < arities; arity++) own -= made[account * arities + arity] * calibrations[arity].caller;
    return own;
  });
}

function summarise(functions: FirmwareFunction[], steps: number[], { calls }: SpanCounts, cycles: number): Profile {
  const width = steps.length / PHASES.length;
  const inPhases = (values: number[], index: number): number =>
    PHASES.reduce((sum, _, phase) => sum + values[phase * width + index], 0) / cycles;
  const inPhase = (phase: number): number =>
    steps.slice(phase * width, (phase + 1) * width).reduce((sum, value) => sum + value, 0) / cycles;
  const costs = functions.map(({ name, file }, index) => ({
    name,
    file,
    calls: Math.round(10 * inPhases(calls, index)) / 10,
    steps: Math.round(inPhases(steps, index)),
  }));
  return {
    phases: Object.fromEntries(PHASES.map((phase, i) => [phase, Math.round(inPhase(i))])) as Record<Phase, number>,
    functions: costs.filter((cost) => cost.calls > 0).sort((a, b) => b.steps - a.steps),
  };
}
