/** Where events go: to the terminal or as JSON, and into the log. */
import { createColours, wantsColour } from '../../cli/colour.ts';
import type { Surroundings } from '../../cli/surroundings.ts';
import { writeAll } from '../../cli/surroundings.ts';
import type { MonitorEvent } from '../events.ts';
import { type Filter, isShown } from './filter.ts';
import type { LogFile } from './log-file.ts';
import { stamp, type Stamps } from './stamps.ts';
import { textLines } from './text.ts';

export interface ViewOptions {
  around: Surroundings;
  json: boolean;
  stamps: Stamps;
  filter: Filter;
  log: LogFile | null;
  /** The moment that a line came; tests have a clock of their own. */
  date: () => Date;
}

export class View {
  readonly #options: ViewOptions;
  readonly #began_ms: number;

  constructor(options: ViewOptions) {
    this.#options = options;
    this.#began_ms = options.around.now_ms();
  }

  /**
   * What the board says goes to stdout, with what it means; notices of the monitor itself to stderr, so that a pipe
   * carries the board alone.
   */
  async show(events: readonly MonitorEvent[]): Promise<void> {
    const { around, json, filter, log, date } = this.#options;
    for (const event of events) {
      const at = date();
      log?.write(event, at);
      if (!isShown(event, filter)) continue;
      if (json) await writeAll(around.stdout, `${JSON.stringify({ ...event, time: at.toISOString() })}\n`);
      else await this.#text(event, at);
    }
  }

  async #text(event: MonitorEvent, at: Date): Promise<void> {
    const { around, stamps } = this.#options;
    const output = event.type === 'notice' ? around.stderr : around.stdout;
    const colours = createColours(wantsColour(output, around.env));
    const time = stamp(stamps, at, around.now_ms() - this.#began_ms);
    const head = time === '' ? '' : `${colours.dim(time)} `;
    const columns = output.isTTY === true ? output.columns : undefined;
    const room = columns === undefined ? undefined : columns - (time === '' ? 0 : time.length + 1);
    const lines = textLines(event, { colours, columns: room });
    await writeAll(output, lines.map((line) => `${head}${line}\n`).join(''));
  }
}
