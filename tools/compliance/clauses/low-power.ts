/** "Remains functional in low-power mode". From outside a node is brought there by a weak network: its peers fall silent. */
import { type Bench, SPEAKERS_FEW } from '../lab/bench.ts';
import type { Turn } from '../lab/lab.ts';
import { randomTag } from '../lab/peer.ts';
import { Trace } from '../lab/trace.ts';
import { ONE } from '../wire/format.ts';
import { type Clause, fail, type Finding, pass, unseen } from './clause.ts';

/** Peers older than 16 cycles, eight looks in a row, four runs apart: 52; and some for the phase. */
const WEAK_CYCLES = 80;
/** Runs in low power that are looked at, while it is quiet. */
const QUIET_RUNS = 3;
/** Two looks in a row, four runs apart; and some for the phase, and the run in which we begin to speak. */
const LEAVE_RUNS = 12;
const NEAREST = 3;
const LOW_PACE = 8;

/** New to the target, so that it waits longer than usual for their next word before it forgets them. */
function newcomers(bench: Bench): void {
  for (const peer of bench.peers) {
    bench.lab.leave(peer);
    peer.tag = randomTag();
    peer.silent = true;
  }
}

async function slowsDown(bench: Bench): Promise<{ entered: number; runs: Turn[] }> {
  const { lab } = bench;
  newcomers(bench);
  await lab.turn();
  bench.say(() => bench.home);
  await lab.turn();
  for (const peer of bench.peers) peer.silent = true;
  let entered = lab.ledger.last?.heard.pace === LOW_PACE ? 1 : 0;
  for (let i = 1; i <= WEAK_CYCLES && entered === 0; i++) {
    if ((await lab.turn()).heard.pace > 1) entered = i;
  }
  const runs: Turn[] = [];
  for (let i = 0; i < QUIET_RUNS && entered > 0; i++) runs.push(await lab.turn());
  return { entered, runs };
}

/** Above this a node stays in low power whatever its network is like. */
const LOAD_OUT = 0.6;
const LOADS = 3;

/** The largest load that its newest entropy packets tell, 0 to 1. */
function newestLoad({ lab }: Bench): number {
  const loads = lab.ledger.entries.flatMap(({ heard }) => (heard.ep === null ? [] : [heard.ep.load / ONE]));
  return Math.max(0, ...loads.slice(-LOADS));
}

async function functions(bench: Bench): Promise<Finding> {
  const { lab } = bench;
  const paceBefore = lab.ledger.last?.heard.pace ?? 1;
  const wasAwake = lab.ledger.entries.some(({ heard }) => heard.pace === 1);
  if (paceBefore === 1 && bench.peers.length < NEAREST)
    return unseen('a network is weak when three peers fall silent, and we are fewer');
  const { entered, runs } = await slowsDown(bench);
  if (entered === 0) {
    bench.say(() => bench.home);
    return fail(`${WEAK_CYCLES} cycles in which nobody was heard, and the target still sends each cycle`);
  }
  const { pace } = runs[0].heard;
  const steps = runs.filter(({ heard }) => heard.pace === pace).length;
  const trace = new Trace();
  let left = 0;
  for (let i = 1; i <= LEAVE_RUNS && left === 0; i++) {
    bench.say((at) => bench.home + (at + i) * 16, SPEAKERS_FEW);
    const turn = trace.add(await lab.turn());
    if (turn.heard.pace === 1) left = i;
  }
  const evidence =
    `${paceBefore === 1 ? `entered after ${entered} silent cycles` : 'it was in low power already'}: pace ${pace}, ` +
    `a datagram each ${pace} cycles (${steps} of ${runs.length}); there ${trace.followed()}; ` +
    (left > 0 ? `left after ${left} runs with peers` : 'it stayed');
  if (left === 0 && wasAwake) {
    const load = newestLoad(bench);
    const said = `${evidence}, though its peers were back for ${LEAVE_RUNS} runs`;
    if (load <= LOAD_OUT) return fail(said);
    return {
      ...unseen(`${said}: its load of ${(100 * load).toFixed(0)} % may be what keeps it there`),
      disturbed: true,
    };
  }
  const finding = trace.verdict(evidence);
  return finding.verdict === 'pass' ? pass(evidence) : finding;
}

export const LOW_POWER: readonly Clause[] = [
  {
    name: 'lowpower.functions',
    text: 'sends less often when its network is weak, still agrees, and comes back',
    cycles: 60 + (QUIET_RUNS + LEAVE_RUNS) * LOW_PACE,
    quick: false,
    peers: 1,
    told: false,
    passive: false,
    run: functions,
  },
];
