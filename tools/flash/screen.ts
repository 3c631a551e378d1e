/** Shows what happens on one board or on several: a line that moves for each, and above them what is done. */
import { createLogUpdate } from 'log-update';
import { bar } from '../cli/bar.ts';
import { type Colours, createColours, wantsColour } from '../cli/colour.ts';
import { duration, grouped } from '../cli/numbers.ts';
import { humanLine } from '../cli/render-steps.ts';
import { isLive, type Surroundings, writeAll } from '../cli/surroundings.ts';
import type { FlashEvent, Progress } from './events.ts';

const BAR_MAX = 40;
const COLUMNS = 80;
/** Shorter is no bar but a smudge. */
const BAR_MIN = 8;

export interface Screen {
  show: (port: string, event: FlashEvent) => Promise<void>;
  /** The port's line goes away. */
  close: (port: string) => void;
  /** The terminal is as it was. */
  end: () => void;
}

function leftText(left_s: number): string {
  if (left_s < 0) return '';
  return left_s < 120 ? `, ${left_s} s left` : `, ${duration(left_s * 1000)} left`;
}

/** `write application ━━━━━───  43 % (all: 40 %)  148 KB/s, 4 s left`; a narrow terminal has less of it. */
export function progressLine(event: Progress, columns: number, colours: Colours): string {
  const { step, all_done_bytes, all_total_bytes, done_bytes, total_bytes, bytes_per_s, left_s } = event;
  const share = total_bytes === 0 ? 1 : done_bytes / total_bytes;
  const all = all_total_bytes === 0 ? 1 : all_done_bytes / all_total_bytes;
  const percent = `${String(Math.floor(100 * share)).padStart(3)} %`;
  const whole = all_total_bytes > total_bytes ? ` (all: ${Math.floor(100 * all)} %)` : '';
  const rate = bytes_per_s > 0 ? `  ${grouped(bytes_per_s / 1000)} KB/s` : '';
  const left = leftText(left_s);
  const room = columns - step.length - 3;
  const choices = [`${percent}${whole}${rate}${left}`, `${percent}${rate}${left}`, `${percent}${left}`];
  const words = choices.find((choice) => choice.length <= room) ?? percent;
  const width = Math.min(BAR_MAX, room - words.length - 1);
  return width < BAR_MIN ? `${step} ${words}` : `${step} ${bar(share, width, colours)} ${words}`;
}

function jsonScreen({ stdout }: Surroundings): Screen {
  return {
    show: async (port, event) => await writeAll(stdout, `${JSON.stringify({ ...event, port })}\n`),
    close: () => undefined,
    end: () => undefined,
  };
}

/** @param many whether lines need to say which port they are about */
export function createScreen(around: Surroundings, json: boolean, many: boolean): Screen {
  if (json) return jsonScreen(around);
  const { stderr, env } = around;
  const colours = createColours(wantsColour(stderr, env));
  const nameOf = (port: string): string => (many ? `${colours.dim(port)}  ` : '');
  if (!isLive(stderr, env)) {
    return {
      show: async (port, event) => {
        const line = event.type === 'progress' ? '' : humanLine(event, colours, false);
        if (line !== '') await writeAll(stderr, `${nameOf(port)}${line}`);
      },
      close: () => undefined,
      end: () => undefined,
    };
  }
  const moving = new Map<string, string>();
  const update = createLogUpdate(stderr, { showCursor: true });
  const draw = (): void => {
    if (moving.size === 0) update.clear();
    else update([...moving.values()].join('\n'));
  };
  return {
    show: async (port, event) => {
      const prefix = `  ${nameOf(port)}`;
      const columns = (stderr.columns ?? COLUMNS) - (many ? port.length + 2 : 0);
      if (event.type === 'progress') moving.set(port, `${prefix}${progressLine(event, columns, colours)}`);
      else if (event.type === 'step:start') moving.set(port, `${prefix}${colours.dim(`${event.step} ...`)}`);
      else {
        if (event.type !== 'warning' && event.type !== 'info') moving.delete(port);
        update.clear();
        await writeAll(stderr, `${nameOf(port)}${humanLine(event, colours, false)}`);
      }
      draw();
    },
    close: (port) => {
      moving.delete(port);
      draw();
    },
    end: () => {
      update.clear();
      update.done();
    },
  };
}
