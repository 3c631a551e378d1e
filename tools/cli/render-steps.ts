/** Shows a generator's steps while it works: lines for people on stderr, or an event a line as JSON on stdout. */
import type { Colours } from './colour.ts';
import { createColours, wantsColour } from './colour.ts';
import { Failure, UsageError } from './errors.ts';
import type { StepEvent, Steps } from './steps.ts';
import type { Surroundings } from './surroundings.ts';
import { isLive, writeAll } from './surroundings.ts';

/** Carriage return, and clear the line: what was written while the step ran gives way to what came of it. */
const CLEAR_LINE = '\r\u001b[2K';

/** What people see of an event; with `live`, instead of what stood there while the step ran. */
export function humanLine(event: StepEvent, colours: Colours, live: boolean): string {
  const clear = live ? CLEAR_LINE : '';
  switch (event.type) {
    case 'step:start':
      return live ? `  ${colours.dim(`${event.step} ...`)}` : '';
    case 'step:done':
      return `${clear}${colours.green('✓')} ${event.step}${event.detail === '' ? '' : `  ${colours.dim(event.detail)}`}\n`;
    case 'step:skipped':
      return `${clear}${colours.yellow('-')} ${event.step}  ${colours.dim(`skipped: ${event.why}`)}\n`;
    case 'info':
      return `${clear}  ${event.text}\n`;
    case 'warning':
      return `${clear}${colours.yellow('!')} ${event.text}\n`;
    case 'fail':
      return `${clear}${colours.red('✗')} ${event.step}\n`;
  }
}

/** @throws what the work throws; an expected error is told as an event first, with the step that it befell */
export async function runSteps<Result>(work: Steps<Result>, around: Surroundings, json: boolean): Promise<Result> {
  const { stdout, stderr, env } = around;
  const colours = createColours(wantsColour(stderr, env));
  const live = isLive(stderr, env);
  const show = async (event: StepEvent): Promise<void> => {
    if (json) await writeAll(stdout, `${JSON.stringify(event)}\n`);
    else await writeAll(stderr, humanLine(event, colours, live));
  };
  let running = '';
  try {
    for (;;) {
      const { done, value } = await work.next();
      if (done === true) return value;
      if (value.type === 'step:start') running = value.step;
      else if (value.type === 'step:done' || value.type === 'step:skipped') running = '';
      await show(value);
    }
  } catch (error) {
    if (running !== '' && (error instanceof Failure || error instanceof UsageError)) {
      await show({ type: 'fail', step: running, text: error.message });
    }
    throw error;
  }
}
