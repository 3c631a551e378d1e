/** "Enforces VaultGuard invariants": never negative, a limited fall, a limited step, and recovery. */
import { type Bench, SPEAKERS_FEW } from '../lab/bench.ts';
import { Trace } from '../lab/trace.ts';
import { speedBounds } from '../model/limits.ts';
import { VALUE_MAX } from '../wire/format.ts';
import { type Clause, fail, type Finding, pass, unseen } from './clause.ts';

/** The energy that we do not know falls to a third in so many cycles, and to a thousandth in 110. */
const CALM_TURNS_MAX = 120;
const JUMP_TURNS = 16;
const DRAIN_TURNS = 20;
const DRAIN_WINDOW = 16;
/** Cycles in a row in which most voters must be far from b. */
const DISAGREE_CYCLES = 8;
const RETURN_TURNS = 8;

/** Looks at every value that was ever said. */
function inRange({ lab }: Bench): Finding {
  let seen = 0;
  let least = Infinity;
  for (const { heard } of lab.ledger.entries) {
    for (const cell of lab.swarm?.cells ?? []) {
      const { settings } = cell;
      const b = heard.sdms.find(({ shard }) => shard === cell.shard)?.pairs[cell.index]?.b ?? null;
      if (b === null || settings === null) continue;
      const value = b + settings.reference;
      seen++;
      least = Math.min(least, value);
      if (value < 0 || value > VALUE_MAX)
        return fail(
          `cycle ${heard.cycle}, ${cell.name}: b is ${(value / 65_536).toFixed(4)}; it must be from 0 to 32,768`,
        );
    }
  }
  if (seen === 0) return unseen('the target said no agreed value');
  return pass(`${seen} agreed values, the least ${(least / 65_536).toFixed(4)}`);
}

/** Everyone contributes 0, or as near to it as may be, and votes for less: agreed values have no range that a receiver checks. */
async function clampsAtZero(bench: Bench): Promise<Finding> {
  const { rules } = bench.cell;
  if (rules.low > rules.zero + rules.span) return unseen('the range of contributions ends too far above 0');
  await bench.settle();
  const trace = new Trace();
  const lowest = bench.inRange(rules.zero);
  await bench.watch(trace, DRAIN_TURNS, () => {
    for (const peer of bench.peers) peer.say(bench.cell, { c: lowest, b: lowest - rules.floor[0] });
    return undefined;
  });
  const values = trace.turns.map(({ b }) => b).filter((b) => b !== null);
  const least = Math.min(...values);
  if (least < rules.zero) return fail(`b is ${bench.text(least)}`);
  return trace.verdict(
    `all peers at ${bench.text(lowest)}, their votes below it, for ${DRAIN_TURNS} cycles: b no lower than ${bench.text(least)}`,
  );
}

/** How far all speakers together may go from home, towards the wider side. */
function leap({ home, cell }: Bench): number {
  const up = Math.min(cell.rules.span, cell.rules.high - home);
  const down = Math.min(cell.rules.span, home - cell.rules.low);
  return up >= down ? up : -down;
}

async function limitsJump(bench: Bench): Promise<Finding> {
  const { lab, cell } = bench;
  const { limits, rules } = lab.model(cell);
  await bench.settle();
  const jump = leap(bench);
  const speakers = Math.min(bench.peers.length, SPEAKERS_FEW);
  const asked = (Math.abs(jump) * speakers) / (speakers + 1);
  for (let i = 0; i < CALM_TURNS_MAX && speedBounds(limits)[1] > asked / 3; i++) await lab.turn();
  const allowed = speedBounds(limits)[1];
  if (allowed >= asked)
    return unseen(`b may still move by ${bench.size(allowed)} a cycle, and we can ask for ${bench.size(asked)} only`);
  const trace = new Trace();
  await bench.watch(trace, JUMP_TURNS, () => {
    bench.say(() => bench.home + jump);
    return undefined;
  });
  const [first] = trace.clean;
  const step = trace.clean.length === 0 ? 0 : Math.abs((first.b ?? 0) - (first.before ?? 0));
  return trace.verdict(
    `${bench.size(asked)} asked for at once; first step ${bench.size(step)}, at most ${bench.size(Math.max(allowed, rules.floor[0]))} allowed; ` +
      trace.followed(),
  );
}

async function limitsDrain(bench: Bench): Promise<Finding> {
  const { cell } = bench;
  const start = await bench.settle();
  const from = (start.b ?? bench.home) - cell.rules.zero;
  const lowest = bench.inRange(bench.home - cell.rules.span);
  const speakers = Math.min(bench.peers.length, SPEAKERS_FEW);
  const asked = ((bench.home - lowest) * speakers) / (speakers + (start.c === null ? 0 : 1));
  if (asked < from / 3)
    return unseen(
      `a fall of a quarter is ${bench.size(from / 4)}, and with this span we can ask for ${bench.size(asked)} only`,
    );
  for (let i = 0; i < DRAIN_WINDOW; i++) await bench.lab.turn();
  const trace = new Trace();
  await bench.watch(trace, DRAIN_TURNS, () => {
    bench.say(() => lowest);
    return undefined;
  });
  const values = trace.turns.map(({ b }) => b).filter((b) => b !== null);
  const fallen = from - (Math.min(...values.slice(0, DRAIN_WINDOW)) - cell.rules.zero);
  // A window may end, and the next one begin, while it falls.
  const most = from - (from * 9) / 16 + 2 * cell.rules.floor[1];
  const evidence = `a fall of ${bench.size(asked)} asked for; ${bench.size(fallen)} in ${DRAIN_WINDOW} cycles, which is ${((100 * fallen) / from).toFixed(0)} % of b`;
  if (fallen > most) return fail(`${evidence}; two windows allow ${bench.size(most)}`);
  return trace.verdict(`${evidence}; ${trace.followed()}`);
}

/** All voters lie far from b though they contribute as before: after eight cycles the target says no b, until they come back. */
async function recovers(bench: Bench): Promise<Finding> {
  const { cell, lab } = bench;
  const { b } = await bench.settle();
  const { span, high, zero } = cell.rules;
  const up = (b ?? bench.home) + 3 * span;
  const far = Math.round(up < high + span ? up : Math.max(zero, (b ?? bench.home) - 3 * span));
  if (Math.abs(far - (b ?? 0)) <= span) return unseen('no value lies farther from b than the span');
  let silentAfter = 0;
  for (let i = 1; i <= DISAGREE_CYCLES + 4 && silentAfter === 0; i++) {
    for (const peer of bench.peers) peer.say(cell, { ...peer.said(cell), b: peer.said(cell).c === null ? null : far });
    if ((await lab.turn()).b === null) silentAfter = i;
  }
  bench.say((i) => bench.home + i);
  for (const peer of bench.peers) peer.say(cell, { ...peer.said(cell), b });
  let backAfter = 0;
  for (let i = 1; i <= RETURN_TURNS && backAfter === 0; i++) if ((await lab.turn()).b !== null) backAfter = i;
  await bench.settle();
  if (silentAfter === 0)
    return fail(
      `all voters ${bench.size(far - (b ?? 0))} away from b for ${DISAGREE_CYCLES + 4} cycles, and the target went on saying its b`,
    );
  if (backAfter === 0) return fail(`no b in ${RETURN_TURNS} cycles after the voters had come back`);
  const evidence = `no b said from the ${silentAfter}th cycle of disagreement on, and again ${backAfter} after it was over`;
  return silentAfter < DISAGREE_CYCLES ? fail(`${evidence}; ${DISAGREE_CYCLES} are needed`) : pass(evidence);
}

const usual = { quick: true, peers: 1, told: true, passive: false } as const;

export const VAULTGUARD: readonly Clause[] = [
  {
    ...usual,
    name: 'vaultguard.range',
    text: 'no agreed value is negative or too large to be one, ever',
    cycles: 0,
    peers: 0,
    passive: true,
    run: inRange,
  },
  {
    ...usual,
    name: 'vaultguard.zero',
    text: 'b stops at 0 whatever the peers say (8.2)',
    cycles: DRAIN_TURNS + 20,
    run: clampsAtZero,
  },
  {
    ...usual,
    name: 'vaultguard.drain',
    text: 'b falls by a quarter in 16 cycles at most',
    cycles: DRAIN_WINDOW + DRAIN_TURNS + 20,
    quick: false,
    run: limitsDrain,
  },
  {
    ...usual,
    name: 'vaultguard.energy',
    text: 'a sudden large change is spread over cycles (8.3)',
    cycles: 60 + JUMP_TURNS,
    run: limitsJump,
  },
  {
    ...usual,
    name: 'vaultguard.recovery',
    text: 'no b said while most voters disagree for eight cycles',
    cycles: DISAGREE_CYCLES + 20,
    quick: false,
    run: recovers,
  },
];
