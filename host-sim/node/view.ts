/** What a running node shows: events a line as JSON, or one picture that is drawn over itself. */
import { createLogUpdate } from 'log-update';
import { createColours, wantsColour } from '../../tools/cli/colour.ts';
import { isLive, type Surroundings } from '../../tools/cli/surroundings.ts';
import type { HostEvent } from '../node-platform/node-host.ts';
import { frame } from './frame.ts';
import type { NodeStatus } from './status.ts';

export interface View {
  event(event: HostEvent): void;
  cycle(status: () => NodeStatus): void;
  close(): void;
}

/** @param status_cycles runs from one status event to the next; 0 for none */
export function jsonView({ stdout }: Surroundings, status_cycles: number): View {
  let runs = 0;
  let full = false;
  // Who reads slower than the node tells loses events, so that the node does not keep them in memory.
  const write = (line: object): void => {
    if (full) return;
    full = !stdout.write(`${JSON.stringify(line)}\n`);
    if (full) stdout.once('drain', () => (full = false));
  };
  return {
    event: ({ name, detail }) => write({ type: name, time: new Date().toISOString(), ...detail }),
    cycle: (status) => {
      if (status_cycles > 0 && ++runs % status_cycles === 0) write(status());
    },
    close: () => undefined,
  };
}

const NEWS_MAX = 8;
/** More often an eye does not follow. */
const REDRAW_MS = 200;

function newsLine({ name, detail }: HostEvent): string {
  const time = new Date().toTimeString().slice(0, 8);
  const rest = Object.entries(detail).map(([field, value]) => `${field} ${value}`);
  return `${time} ${name}${rest.length === 0 ? '' : `: ${rest.join(', ')}`}`;
}

export function liveView({ stdout, env, now_ms }: Surroundings): View {
  const colours = createColours(wantsColour(stdout, env));
  const update = createLogUpdate(stdout);
  const news: string[] = [];
  let latest: (() => NodeStatus) | null = null;
  let drawn_ms = -Infinity;
  const draw = (): void => {
    if (latest === null) return;
    drawn_ms = now_ms();
    update(frame(latest(), news, { columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 }, colours));
  };
  return {
    event: (event) => {
      news.push(newsLine(event));
      if (news.length > NEWS_MAX) news.shift();
      draw();
    },
    cycle: (status) => {
      latest = status;
      if (now_ms() - drawn_ms >= REDRAW_MS) draw();
    },
    close: () => update.done(),
  };
}

export function createView(around: Surroundings, json: boolean, status_cycles: number): View {
  return json || !isLive(around.stdout, around.env) ? jsonView(around, status_cycles) : liveView(around);
}
