/** "Implements the drift cycle exactly": what the target agrees on, cycle by cycle, against docs/drift.md. */
import type { Bench } from '../lab/bench.ts';
import { Trace } from '../lab/trace.ts';
import { type Clause, fail, type Finding, pass, unseen } from './clause.ts';

const MEAN_TURNS = 10;
const VOTE_TURNS = 12;
/** All roundings alike by chance: once in 2^23 runs. */
const ROUNDING_TURNS = 24;
const GUARD_TURNS = 8;

/** Before the ninth run the target may have had a hello or a first cycle to make. */
const SENDS_MIN = 8;
/** Send times jitter by up to an eighth of a cycle at either end; the rest is for two operating systems. */
const PERIOD_TOLERANCE = 0.3;

function sends({ lab }: Bench): Finding {
  const entries = lab.ledger.entries.filter(({ heard }) => !heard.leaving && !heard.hello);
  const withSDM = entries.filter(({ heard }) => heard.sdms.length > 0);
  if (entries.length < SENDS_MIN) return unseen(`only ${entries.length} datagrams were heard`);
  if (withSDM.length === 0) return fail(`${entries.length} datagrams, not one with a state diff (SDM)`);
  const bare = entries.filter(({ heard }) => heard.sdms.length === 0);
  if (bare.length > 0)
    return fail(`cycle ${bare[0].heard.cycle}: a datagram without an SDM, ${bare.length} of ${entries.length}`);
  const steps = entries.slice(1).flatMap((entry, i) => {
    const before = entries[i];
    return entry.periods === before.heard.pace ? [(entry.at_ms - before.at_ms) / before.heard.pace] : [];
  });
  if (steps.length * 2 < entries.length)
    return unseen(`of ${entries.length} datagrams half came with gaps between them: too many are lost on the way here`);
  const mean_ms = steps.reduce((a, b) => a + b, 0) / steps.length;
  const evidence =
    `${entries.length} datagrams, each with its SDMs, cycle ids rising by their pace in ${steps.length}; ` +
    `one each ${mean_ms.toFixed(1)} ms on average, announced ${lab.cycle_ms.toFixed(0)} ms`;
  return Math.abs(mean_ms - lab.cycle_ms) > PERIOD_TOLERANCE * lab.cycle_ms ? fail(evidence) : pass(evidence);
}

/** Few speakers and no votes: b goes to the mean of the contributions at once. */
async function followsMean(bench: Bench): Promise<Finding> {
  await bench.settle();
  const trace = new Trace();
  await bench.watch(trace, MEAN_TURNS, () => {
    bench.say(() => bench.home + bench.lab.random(bench.amplitude));
    return undefined;
  });
  const speakers = trace.turns.at(-1)?.forecast?.n ?? 0;
  return trace.verdict(`${speakers} contributions, new ones each cycle: ${trace.followed()}`);
}

/** Six contributions and more, of which one lies far off: it is clamped or left out. */
async function guards(bench: Bench): Promise<Finding> {
  const { rules } = bench.cell;
  if (!rules.guard) return unseen('the guard of this key is off');
  if (!rules.huber) return unseen('the estimator of this key is not huber, the one that is modelled here');
  await bench.settle(bench.peers.length);
  const trace = new Trace();
  const far = [0.5, 0.9, 1.5, 4].map((share) => Math.round(share * rules.span));
  await bench.watch(trace, GUARD_TURNS, (i) => {
    const outlier = bench.home + (i < GUARD_TURNS / 2 ? 1 : -1) * far[i % far.length];
    bench.say((peer) => (peer === 0 ? outlier : bench.home + bench.lab.random(bench.amplitude)), bench.peers.length);
    return undefined;
  });
  const { length: n } = bench.peers;
  return trace.verdict(`one of ${n + 1} up to ${bench.size(far[3])} off the others: ${trace.followed()}`);
}

/** Three voters and more: b goes to the votes' median, and from there a part of the way to the mean. */
async function votes(bench: Bench): Promise<Finding> {
  await bench.settle(bench.peers.length);
  // So far apart that every vote lies within the band, whatever the floor is.
  const { amplitude, peers } = bench;
  bench.say(
    (i) => bench.home + Math.round(((i % 2 === 0 ? 1 : -1) * amplitude * (i + 1)) / peers.length),
    peers.length,
  );
  let near = (await bench.lab.turn()).forecast?.band.x ?? bench.home;
  const trace = new Trace();
  await bench.watch(trace, VOTE_TURNS, () => {
    for (const peer of bench.peers) {
      peer.say(bench.cell, { c: peer.said(bench.cell).c, b: near + bench.lab.random(bench.amplitude) });
    }
    near = trace.turns.at(-1)?.forecast?.band.x ?? near;
    return undefined;
  });
  if (trace.clean.some(({ forecast }) => forecast === null || forecast.votes < 3)) {
    return unseen('fewer than three of our votes counted');
  }
  return trace.verdict(`${bench.peers.length} voters around the mean: ${trace.followed()}`);
}

/** With one part of two to be cut off in each cycle, b ends above about as often as below. */
async function rounds(bench: Bench): Promise<Finding> {
  if (bench.lab.swarm?.dithers !== true)
    return unseen('the swarm was told alpha 0: its steps are not rounded by chance');
  let near = (await bench.settle(bench.peers.length)).forecast?.band.x ?? bench.home;
  const trace = new Trace();
  await bench.watch(trace, ROUNDING_TURNS, (i) => {
    for (const peer of bench.peers) peer.say(bench.cell, { c: peer.said(bench.cell).c, b: near + 2 * (i % 8) - 7 });
    near = trace.turns.at(-1)?.forecast?.band.x ?? near;
    return undefined;
  });
  const chances = trace.clean.filter(({ forecast }) => forecast !== null && forecast.high - forecast.low === 1);
  const expected = chances.reduce((sum, { forecast }) => sum + (forecast?.upper_share ?? 0), 0);
  const up = chances.filter(({ b, forecast }) => b === forecast?.high).length;
  const evidence = `rounded up in ${up} of ${chances.length} cycles, ${expected.toFixed(1)} expected`;
  if (trace.miss !== undefined) return trace.verdict('');
  if (chances.length < ROUNDING_TURNS / 2)
    return unseen(`only ${chances.length} cycles in which a step had to be rounded`);
  return up === 0 || up === chances.length ? fail(`${evidence}: rounding has a direction`) : pass(evidence);
}

const usual = { quick: true, peers: 1, told: false, passive: false } as const;

export const DRIFT: readonly Clause[] = [
  {
    ...usual,
    name: 'drift.sends',
    text: 'one datagram a cycle with its state diffs, cycle ids that rise',
    cycles: 0,
    passive: true,
    run: sends,
  },
  {
    ...usual,
    name: 'drift.mean',
    text: 'b follows the mean of the contributions held',
    cycles: MEAN_TURNS + 6,
    run: followsMean,
  },
  {
    ...usual,
    name: 'drift.guard',
    text: 'an outlier among six and more is clamped or left out',
    cycles: GUARD_TURNS + 6,
    peers: 6,
    told: true,
    run: guards,
  },
  {
    ...usual,
    name: 'drift.votes',
    text: 'b goes through the median of the votes',
    cycles: VOTE_TURNS + 6,
    peers: 3,
    run: votes,
  },
  {
    ...usual,
    name: 'drift.rounding',
    text: 'what is cut off a step is rounded by chance, without a direction',
    cycles: ROUNDING_TURNS + 6,
    quick: false,
    peers: 3,
    run: rounds,
  },
];
