/** What a flood of hostile datagrams does to a node in a swarm. */
import { grouped, percent, short } from '../../../tools/cli/numbers.ts';
import { programPath, SwarmProcess } from '../../swarm/processes.ts';
import type { FloodOrders } from './flood-orders.ts';
import { FLOOD_ADDRESS, MEAN, NODE_ADDRESS, sleep, startMembers, type Members } from './members.ts';
import { costOf, cpuShare_pct, type Cost } from '../../../tools/cli/process-cost.ts';
import type { BenchOptions, Row, Rows } from './rows.ts';

/** What was counted when the node last told of itself. */
interface Counted {
  cost: Cost;
  told: string;
  received: number;
  /** Whole datagrams that were taken: those that came less those that were refused. */
  taken: number;
  /** By the members. */
  sent: number;
  heard: number;
  /** Of the agreed values, at most. */
  off: number;
}

function count({ node, status, sent }: Members): Counted | null {
  const now = status();
  if (now === null) return null;
  const refused = Object.values(now.drops).reduce((sum, drops) => sum + drops, 0);
  const { received } = now.carrier;
  const off = Math.max(...now.keys.map(({ agreed }) => Math.abs((agreed ?? 0) - MEAN)));
  const { time: told, heard } = now;
  return { cost: costOf(node.pid), told, received, taken: received - refused, sent: sent(), heard, off };
}

/** Counts whenever the node has told of itself: each cycle, and each 8 of them while the flood makes it save power. */
class Counts {
  readonly all: Counted[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(members: Members) {
    this.#timer = setInterval(() => {
      const now = count(members);
      if (now !== null && now.told !== this.all.at(-1)?.told) this.all.push(now);
    }, LOOK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** From the last before a time to the last before another one, or the one behind that where they are the same. */
  between(from_ms: number, to_ms: number): [Counted, Counted] {
    const first = this.all.findLastIndex(({ cost }) => cost.at_ms <= from_ms);
    const last = this.all.findLastIndex(({ cost }) => cost.at_ms <= to_ms);
    return [this.all[first], this.all[Math.max(first + 1, last)]];
  }
}

/** To the node alone, and to everyone: a node hears the two on different sockets. Each is flooded by a process of its own. */
const TARGETS = [NODE_ADDRESS, '127.255.255.255'];

const LOOK_MS = 50;
/** The node tells of itself once more. */
const AFTER_MS = 9000;

/** Returns the seconds that it took. */
async function floodFor(orders: FloodOrders): Promise<number> {
  let seconds = NaN;
  return await new Promise((resolve, reject) => {
    new SwarmProcess({
      program: programPath('bench-node-flood'),
      args: [JSON.stringify(orders)],
      onLine: (line) => (seconds = Number(line.seconds ?? NaN)),
      onEnd: (code, said) => {
        if (Number.isNaN(seconds)) reject(new Error(`the flood of ${orders.target} ended with code ${code}: ${said}`));
        else resolve(seconds);
      },
    });
  });
}

/** A node in a swarm of 8 under hostile datagrams at full rate from one source. */
export async function* flood({ datagrams }: BenchOptions): Rows {
  const members = await startMembers({ members: 7, keys: 4, cycle_ms: 1000 });
  const counts = new Counts(members);
  await sleep(20_000);
  const each = Math.ceil(datagrams / TARGETS.length);
  const orders = { from: FLOOD_ADDRESS, port: members.orders.port, datagrams: each, listen_ms: 3000 };
  const seconds = Math.max(...(await Promise.all(TARGETS.map((target) => floodFor({ ...orders, target })))));
  const ended_ms = performance.now();
  await sleep(AFTER_MS);
  counts.stop();
  await members.end();
  yield* rowsOf(datagrams, seconds, counts, ended_ms);
}

function* rowsOf(datagrams: number, seconds: number, counts: Counts, ended_ms: number): Generator<Row> {
  const [before, after] = counts.between(ended_ms - 1000 * seconds, ended_ms);
  const during = counts.all.slice(counts.all.indexOf(before));
  const row = (what: string, figure: string, asked = ''): Row => ({ part: 'flood', what, figure, asked });
  yield row(`${grouped(datagrams)} datagrams, sent a second`, grouped(datagrams / seconds), 'full rate');
  const took_s = (after.cost.at_ms - before.cost.at_ms) / 1000;
  yield row('of them handled a second', grouped((after.received - before.received) / took_s));
  yield row('share of a processor meanwhile', percent(cpuShare_pct(before.cost, after.cost)));
  const served = (100 * (after.taken - before.taken)) / (after.sent - before.sent);
  yield row("members' datagrams served, of those sent", percent(served), 'still served');
  yield row('members heard, at the least', String(Math.min(...during.map(({ heard }) => heard))), '7');
  const off = Math.max(...during.map((counted) => counted.off));
  yield row('agreed value off by at most', percent(10 * off), 'unharmed');
  const [from_mb, to_mb] = [before.cost, after.cost].map(({ resident_kb }) => short(resident_kb / 1024));
  yield row('resident memory before and after', `${from_mb}, ${to_mb} MB`, 'flat');
}
