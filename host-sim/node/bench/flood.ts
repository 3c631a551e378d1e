/** What a flood of hostile datagrams does to a node in a swarm. */
import { grouped, percent, short } from '../../../tools/cli/numbers.ts';
import { programPath, SwarmProcess } from '../../swarm/processes.ts';
import type { FloodOrders } from './flood-orders.ts';
import { FLOOD_ADDRESS, NODE_ADDRESS, sleep, startMembers, type Members } from './members.ts';
import { costOf, cpuShare_pct, type Cost } from '../../../tools/cli/process-cost.ts';
import type { BenchOptions, Rows } from './rows.ts';

interface Counted {
  cost: Cost;
  cycle: number;
  received: number;
  taken: number;
}

/** Whole datagrams that were taken: those that came less those that were refused. */
function count({ node, status }: Members): Counted {
  const now = status();
  const refused = Object.values(now?.drops ?? {}).reduce((sum, drops) => sum + drops, 0);
  const received = now?.carrier.received ?? 0;
  return { cost: costOf(node.pid), cycle: now?.cycle ?? 0, received, taken: received - refused };
}

function takenPerCycle(before: Counted, after: Counted): number {
  return (after.taken - before.taken) / Math.max(1, after.cycle - before.cycle);
}

/** To the node alone, and to everyone: a node hears the two on different sockets. Each is flooded by a process of its own. */
const TARGETS = [NODE_ADDRESS, '127.255.255.255'];

/** Returns the seconds that it took. */
async function floodFor(orders: FloodOrders): Promise<number> {
  let seconds = NaN;
  return await new Promise((resolve) => {
    new SwarmProcess({
      program: programPath('bench-node-flood'),
      args: [JSON.stringify(orders)],
      onLine: (line) => (seconds = Number(line.seconds ?? NaN)),
      onEnd: () => resolve(seconds),
    });
  });
}

/** A node in a swarm of 8 under hostile datagrams at full rate from one source. */
export async function* flood({ datagrams }: BenchOptions): Rows {
  const members = await startMembers({ members: 7, keys: 4, cycle_ms: 1000 });
  await sleep(20_000);
  const quiet = count(members);
  await sleep(20_000);
  const before = count(members);
  const each = Math.ceil(datagrams / TARGETS.length);
  const orders = { from: FLOOD_ADDRESS, port: members.orders.port, datagrams: each, listen_ms: 3000 };
  const worst = { off: 0, heard: Infinity };
  const watch = setInterval(() => {
    const status = members.status();
    worst.heard = Math.min(worst.heard, status?.heard ?? 0);
    for (const { agreed } of status?.keys ?? []) worst.off = Math.max(worst.off, Math.abs((agreed ?? 0) - 25));
  }, 500);
  const seconds = Math.max(...(await Promise.all(TARGETS.map((target) => floodFor({ ...orders, target })))));
  clearInterval(watch);
  await sleep(1500);
  const after = count(members);
  await members.end();
  const part = 'flood';
  const took = after.received - before.received;
  yield {
    part,
    what: `${grouped(datagrams)} datagrams, sent a second`,
    figure: grouped(datagrams / seconds),
    asked: 'full rate',
  };
  yield { part, what: 'of them handled a second', figure: grouped(took / seconds), asked: '' };
  const busy = percent(cpuShare_pct(before.cost, after.cost));
  yield { part, what: 'share of a processor meanwhile', figure: busy, asked: '' };
  const served = (100 * takenPerCycle(before, after)) / takenPerCycle(quiet, before);
  yield { part, what: "members' datagrams served, of those before", figure: percent(served), asked: 'still served' };
  yield { part, what: 'members heard, at the least', figure: String(worst.heard), asked: '7' };
  yield { part, what: 'agreed value off by at most', figure: percent(10 * worst.off), asked: 'unharmed' };
  const [from_mb, to_mb] = [before.cost, after.cost].map(({ resident_kb }) => short(resident_kb / 1024));
  yield { part, what: 'resident memory before and after', figure: `${from_mb}, ${to_mb} MB`, asked: 'flat' };
}
