/**
 * Work that tells what it does as it does it. A command's work is an async generator of these events; one renderer shows
 * them to people, another writes them as JSON, one a line.
 */

export type StepEvent =
  | { type: 'step:start'; step: string }
  | { type: 'step:done'; step: string; detail: string }
  | { type: 'step:skipped'; step: string; why: string }
  | { type: 'info'; text: string }
  | { type: 'warning'; text: string }
  | { type: 'fail'; step: string; text: string };

export type Steps<Result> = AsyncGenerator<StepEvent, Result>;

/** One step: says that it began, does it, says what came of it. */
export async function* step<Result>(
  name: string,
  work: () => Promise<Result> | Result,
  detailOf: (result: Result) => string = () => '',
): Steps<Result> {
  yield { type: 'step:start', step: name };
  const result = await work();
  yield { type: 'step:done', step: name, detail: detailOf(result) };
  return result;
}
