/** Whether a node that runs for long grows. */
import { grouped, percent, short } from '../../../tools/cli/numbers.ts';
import { sleep, startMembers } from './members.ts';
import { costOf, cpuShare_pct, type Cost } from '../../../tools/cli/process-cost.ts';
import type { BenchOptions, Rows } from './rows.ts';

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** 20 cycles a second for minutes on end. */
export async function* soak({ minutes }: BenchOptions): Rows {
  const members = await startMembers({ members: 7, keys: 4, cycle_ms: 50 });
  await sleep(60_000);
  const costs = [costOf(members.node.pid)];
  for (let minute = 0; minute < minutes; minute++) {
    await sleep(60_000);
    costs.push(costOf(members.node.pid));
  }
  const status = members.status();
  await members.end();
  const [first, last] = [costs[0], costs[costs.length - 1]];
  const part = 'soak';
  const third = Math.max(1, Math.floor(costs.length / 3));
  const resident = (some: readonly Cost[]): string =>
    `${short(meanOf(some.map(({ resident_kb }) => resident_kb)) / 1024)} MB`;
  yield { part, what: `cycles in ${minutes} minutes`, figure: grouped(status?.cycle ?? 0), asked: '20 a second' };
  const figure = `${resident(costs.slice(0, third))}, ${resident(costs.slice(-third))}`;
  yield { part, what: 'resident memory, first and last third', figure, asked: 'flat' };
  yield {
    part,
    what: 'handles at the start and the end',
    figure: `${first.handles}, ${last.handles}`,
    asked: 'the same',
  };
  yield { part, what: 'share of a processor', figure: percent(cpuShare_pct(first, last)), asked: '' };
  yield { part, what: 'peers heard at the end', figure: String(status?.heard ?? 0), asked: '7' };
}
