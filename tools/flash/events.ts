/** What work on a board tells while it goes on: the steps of every command, and how far a step is. */
import type { StepEvent } from '../cli/steps.ts';

export interface Progress {
  type: 'progress';
  /** What is being done, as its step says it. */
  step: string;
  done_bytes: number;
  total_bytes: number;
  /** The same over all that the command writes. */
  all_done_bytes: number;
  all_total_bytes: number;
  /** Since the step began; 0 while nothing can be said. */
  bytes_per_s: number;
  /** Until everything is done, at the rate so far; -1 while nothing can be said. */
  left_s: number;
}

export type FlashEvent = StepEvent | Progress;

export type Emit = (event: FlashEvent) => void;

/** One step told through a callback: begins, is done, says what came of it. */
export async function told<Result>(
  emit: Emit,
  step: string,
  work: () => Promise<Result>,
  detailOf: (result: Result) => string = () => '',
): Promise<Result> {
  emit({ type: 'step:start', step });
  const result = await work();
  emit({ type: 'step:done', step, detail: detailOf(result) });
  return result;
}

/**
 * Work that tells through a callback, as a generator: its events can then be shown while it runs, one by one.
 * The work starts at once and is never ahead of its reader by more than what it tells between two awaits.
 */
export async function* eventsOf<Result>(work: (emit: Emit) => Promise<Result>): AsyncGenerator<FlashEvent, Result> {
  const waiting: FlashEvent[] = [];
  const state = { running: true, wake: (): void => undefined };
  const ended = work((event) => {
    waiting.push(event);
    state.wake();
  }).finally(() => {
    state.running = false;
    state.wake();
  });
  // Its failure is met below, where it is awaited.
  ended.catch(() => undefined);
  while (state.running || waiting.length > 0) {
    const event = waiting.shift();
    if (event !== undefined) yield event;
    else await new Promise<void>((resolve) => (state.wake = resolve));
  }
  return await ended;
}
