/** How far a sweep is, on stderr: a bar on a terminal, a line now and then elsewhere. */
import { createLogUpdate } from 'log-update';
import { bar } from '../../tools/cli/bar.ts';
import { createColours, wantsColour } from '../../tools/cli/colour.ts';
import { duration, grouped } from '../../tools/cli/numbers.ts';
import { isLive } from '../../tools/cli/surroundings.ts';
import type { Surroundings } from '../../tools/cli/surroundings.ts';

export interface ProgressView {
  done: (count: number) => void;
  close: () => void;
}

const REDRAW_MS = 100;
const LINES = 10;

export function createProgress(total: number, { stderr, env, now_ms }: Surroundings): ProgressView {
  const start_ms = now_ms();
  if (!isLive(stderr, env)) {
    return {
      done: (count) => {
        const line = count > 0 && Math.floor((count * LINES) / total) > Math.floor(((count - 1) * LINES) / total);
        if (line) stderr.write(`sweep: ${grouped(count)} of ${grouped(total)} runs\n`);
      },
      close: () => undefined,
    };
  }
  const colours = createColours(wantsColour(stderr, env));
  const update = createLogUpdate(stderr);
  let drawn_ms = -Infinity;
  return {
    done(count) {
      const now = now_ms();
      if (now - drawn_ms < REDRAW_MS && count < total) return;
      drawn_ms = now;
      const left_ms = ((now - start_ms) / Math.max(1, count)) * (total - count);
      const left = count === 0 || count === total ? '' : ` ${duration(left_ms)} left`;
      const text = `${grouped(count)}/${grouped(total)} runs${left}`;
      const width = Math.min(50, (stderr.columns ?? 80) - text.length - 2);
      update(`${bar(count / total, width, colours)} ${text}`);
    },
    close: () => update.done(),
  };
}
