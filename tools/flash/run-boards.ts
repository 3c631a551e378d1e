/** Runs the work on every board that was chosen, side by side: one that fails stops no other. */
import { Failure, UsageError } from '../cli/errors.ts';
import { EXIT_FAILURE, EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE } from '../cli/exit-codes.ts';
import { type Surroundings, writeAll } from '../cli/surroundings.ts';
import { textTable } from '../cli/table.ts';
import type { SerialBinding } from '../serial/binding.ts';
import type { PortChoice } from '../serial/choose.ts';
import type { SerialMachine } from '../serial/machine.ts';
import type { ChipFacts } from './facts.ts';
import { type Emit, eventsOf } from './events.ts';
import type { BoardInfo } from './info.ts';
import type { Job } from './job.ts';
import type { Screen } from './screen.ts';
import { withDevice } from './session.ts';
import type { Trace } from './trace.ts';
import { boardText, type Outcome, workOn } from './verbs.ts';

export interface Crew {
  job: Job;
  binding: SerialBinding;
  machine: SerialMachine;
  patience: number;
  signal: AbortSignal;
  trace: Trace | undefined;
  screen: Screen;
  around: Surroundings;
}

interface Result {
  port: string;
  code: number;
  facts: ChipFacts | undefined;
  /** What was done, or why not. */
  text: string;
  outcome: Outcome | undefined;
  error: Error | undefined;
}

function codeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT_USAGE;
  return error instanceof Failure ? error.exitCode : EXIT_FAILURE;
}

/** The work on one board, told step by step. */
async function workAt(crew: Crew, choice: PortChoice, emit: Emit, found: (facts: ChipFacts) => void): Promise<Outcome> {
  const { job, binding, machine, patience, signal, trace, around } = crew;
  const { baud, stub, before, after, attempts } = job.options;
  const { now_ms, cwd } = around;
  const connect = `connect to ${choice.path}`;
  emit({ type: 'step:start', step: connect });
  const session = {
    binding,
    machine,
    path: choice.path,
    found: choice.found,
    baud,
    stub,
    before,
    after,
    attempts,
    buttonHint: job.board?.board.download_mode ?? '',
    signal,
    emit,
    now_ms,
    trace: trace?.of(choice.path),
    patience,
  };
  return await withDevice(session, async (board) => {
    found(board.facts);
    emit({ type: 'step:done', step: connect, detail: boardText(board, choice) });
    return await workOn(board, { job, choice, cwd, emit, now_ms });
  });
}

async function runOne(crew: Crew, choice: PortChoice): Promise<Result> {
  const { screen } = crew;
  const result: Result = {
    port: choice.path,
    code: EXIT_OK,
    facts: undefined,
    text: '',
    outcome: undefined,
    error: undefined,
  };
  let running = '';
  const events = eventsOf((emit) => workAt(crew, choice, emit, (facts) => (result.facts = facts)));
  try {
    for (;;) {
      const { done, value } = await events.next();
      if (done === true) {
        result.outcome = value;
        result.text = value.text;
        break;
      }
      if (value.type === 'step:start') running = value.step;
      else if (value.type === 'step:done' || value.type === 'step:skipped') running = '';
      await screen.show(choice.path, value);
    }
    if (result.text !== '') await screen.show(choice.path, { type: 'info', text: result.text });
  } catch (error) {
    result.error = error instanceof Error ? error : new Error(String(error));
    result.code = codeOf(error);
    result.text = result.error.message;
    await screen.show(choice.path, { type: 'fail', step: running, text: result.text });
  }
  screen.close(choice.path);
  return result;
}

/** One code where they agree; a failure among others, or two kinds of failure, is a failure. */
function codeOfAll(results: readonly Result[]): number {
  const failed = results.filter(({ code }) => code !== EXIT_OK).map(({ code }) => code);
  if (failed.length === 0) return EXIT_OK;
  if (failed.includes(EXIT_INTERRUPTED)) return EXIT_INTERRUPTED;
  return failed.every((code) => code === failed[0]) ? failed[0] : EXIT_FAILURE;
}

function jsonResult({ port, code, facts, text, outcome }: Result, verb: string): string {
  const { report, info } = outcome ?? {};
  const known = info ?? facts ?? {};
  return `${JSON.stringify({ type: 'result', verb, port, ok: code === EXIT_OK, code, text, ...known, ...report })}\n`;
}

function summary(results: readonly Result[]): string {
  const rows = results.map(({ port, code, facts, text }) => [
    port,
    facts?.family ?? '',
    facts?.mac ?? '',
    code === EXIT_OK ? 'ok' : `failed (${code})`,
    text.split('\n')[0],
  ]);
  return textTable({ columns: ['port', 'chip', 'MAC', 'state', 'what'], rows });
}

/**
 * @param infoText how `info` looks for people
 * @returns the exit code
 * @throws what went wrong, when it is about one board, or when it is a bug
 */
export async function runBoards(
  crew: Crew,
  choices: readonly PortChoice[],
  infoText: (info: BoardInfo) => string,
): Promise<number> {
  const { around, job, screen } = crew;
  const { json, verb } = job.options;
  const results = await Promise.all(choices.map((choice) => runOne(crew, choice)));
  screen.end();
  for (const result of results) {
    const { outcome, error } = result;
    const expected = error === undefined || error instanceof Failure || error instanceof UsageError;
    if (json) await writeAll(around.stdout, jsonResult(result, verb));
    if (!expected) throw error;
    if (!json && outcome?.info !== undefined) await writeAll(around.stdout, infoText(outcome.info));
    if (outcome?.data !== undefined) around.stdout.write(outcome.data);
  }
  if (results.length > 1 && !json) await writeAll(around.stdout, summary(results));
  if (results.length === 1 && results[0].error !== undefined) throw results[0].error;
  return codeOfAll(results);
}
