/** The short table at the end of a run. */
import type { Colours } from '../../tools/cli/colour.ts';
import { duration, grouped, percent, short } from '../../tools/cli/numbers.ts';
import type { Summary } from '../world/report.ts';
import type { RunEnd, RunStart } from './view.ts';

const LABEL_WIDTH = 11;

function agreement(s: Summary): string {
  if (s.cycles_to_1pct === null) {
    if (s.cycles_to_2pct === null) return 'not within 1 % of the true mean and of each other';
    return `spread within 2 % and bias within 1 % from cycle ${grouped(s.cycles_to_2pct)}`;
  }
  const fine =
    s.cycles_to_4lsb === null ? '' : `, within 4 units in the last place from cycle ${grouped(s.cycles_to_4lsb)}`;
  return `within 1 % from cycle ${grouped(s.cycles_to_1pct)}${fine}`;
}

function dropText(drops: Summary['drops']): string {
  const entries = Object.entries(drops).filter(([, n]) => n > 0);
  return entries.length === 0 ? 'nothing' : entries.map(([reason, n]) => `${reason} ${grouped(n)}`).join(', ');
}

function rows(run: RunStart, { summary: s, interrupted, difference, replayed }: RunEnd): [string, string][] {
  const per_minute = `${short(s.bytes_per_node_per_minute / 1000)} KB a node a minute`;
  const relayed = `${short(s.relayed_entries_per_datagram)} relayed entries in each`;
  return [
    ...(interrupted
      ? [['stopped', `after ${grouped(s.cycles)} of ${grouped(run.scenario.cycles)} cycles`] as [string, string]]
      : []),
    ['agreed', agreement(s)],
    [
      'at the end',
      `spread ${percent(s.spread_pct)}, bias ${percent(s.bias_pct, true)}, worst node ${percent(s.worst_error_pct)}`,
    ],
    [
      'datagrams',
      `${grouped(s.datagrams_sent)} sent, ${grouped(s.datagrams_delivered)} delivered, ${per_minute}, ${relayed}`,
    ],
    ['refused', `${dropText(s.drops)}; false verdicts on relays: ${grouped(s.false_verdicts)}`],
    [
      'speed',
      `${duration(s.wall_ms)}, ${grouped(s.datagrams_per_second)} datagrams and ${grouped(s.node_cycles_per_second)} node cycles a second`,
    ],
    ['firmware', `bundle ${s.bundle_sha256.slice(0, 16)}, trace ${s.trace_sha256.slice(0, 16)}`],
    ...(replayed ? [['replay', replayText(s, difference)] as [string, string]] : []),
    ...(replayed ? [] : [['again', run.again] as [string, string]]),
  ];
}

function replayText(s: Summary, difference: RunEnd['difference']): string {
  if (difference === null) return `the same as the record in all ${grouped(s.cycles)} cycles`;
  const { cycle, node, recorded, now } = difference;
  return `first difference in cycle ${cycle}, node ${node}: recorded ${recorded}, now ${now}`;
}

/** Breaks at spaces, though not before a per cent sign, and inside a word only when it alone is too long. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ (?!%)/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
    for (; line.length > width; line = line.slice(width)) lines.push(line.slice(0, width));
  }
  return [...lines, line];
}

export function summaryLines(run: RunStart, end: RunEnd, columns: number, colours: Colours): string[] {
  const room = Math.max(16, columns - 1 - LABEL_WIDTH);
  return rows(run, end).flatMap(([label, value]) =>
    wrap(value, room).map((line, i) => `${colours.dim((i === 0 ? label : '').padEnd(LABEL_WIDTH))}${line}`),
  );
}
