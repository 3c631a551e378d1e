/** "Never trust incoming diffs blindly": validated, weighted, rate-limited, and bound to where they come from. */
import type { Bench } from '../lab/bench.ts';
import type { Send, Turn } from '../lab/lab.ts';
import { Peer } from '../lab/peer.ts';
import { missText, Trace } from '../lab/trace.ts';
import { ONE, VALUE_MAX, WEIGHT_ONE } from '../wire/format.ts';
import { type Clause, fail, type Finding, pass, unseen } from './clause.ts';
import { MALFORMED, type Malformed } from './malformed.ts';

const FAR = 12;
/** Malformed datagrams in one cycle: below any sane rate limit. */
const BATCH = 4;
const TURNS = 6;
const TAGS = 5;
/** In lsb, of what honest peers say in a calm. */
const OTHERS_SPREAD = 128;
const FLOOD = 200;
/** More than the whole flood can add. */
const FLOOD_OTHERS_LSB = 250;
/** Of a flood in one cycle a node that limits takes fewer than this. */
const FLOOD_TAKEN_MAX = 100;

/** A turn in which these come behind what their sender says itself. */
async function sendMalformed(bench: Bench, batch: readonly Malformed[]): Promise<Turn> {
  const { lab } = bench;
  const [peer] = bench.peers;
  const pair = { c: bench.inRange(bench.home + FAR * bench.amplitude), b: null };
  bench.say(() => bench.home + lab.random(16));
  return await bench.turnBehind(peer, () =>
    batch.flatMap(({ make, seal = true }): Send[] => {
      const bytes = make(peer, pair, lab);
      return bytes === null ? [] : [{ from: peer.address, bytes, seal: seal && bytes.length > 3 }];
    }),
  );
}

/** The first of them that shows when it comes alone; all, where none does. */
async function guilty(bench: Bench, batch: readonly Malformed[]): Promise<string> {
  for (const one of batch) {
    const { clean, ok } = await sendMalformed(bench, [one]);
    if (clean && !ok) return one.name;
  }
  return batch.map(({ name }) => name).join('; ');
}

/** Some in each cycle, each behind a good datagram of the same peer, with a contribution far off. */
async function refusesMalformed(bench: Bench): Promise<Finding> {
  await bench.settle();
  const trace = new Trace();
  for (let at = 0; at < MALFORMED.length; at += BATCH) {
    const batch = MALFORMED.slice(at, at + BATCH);
    const silence = await bench.outlives(async () => {
      trace.add(await sendMalformed(bench, batch));
    });
    if (silence !== '') {
      return fail(`the target fell silent (${silence}) after: ${batch.map(({ name }) => name).join('; ')}`);
    }
    const { miss } = trace;
    if (miss !== undefined) return fail(`taken, though malformed: ${await guilty(bench, batch)}; ${missText(miss)}`);
  }
  return trace.verdict(
    `malformed datagrams of ${MALFORMED.length} kinds changed nothing, and the target went on: ${trace.followed()}`,
  );
}

async function weighs(bench: Bench): Promise<Finding> {
  await bench.settle();
  const { lab } = bench;
  const [peer] = bench.peers;
  const trace = new Trace();
  const pair = { c: bench.inRange(bench.home + FAR * bench.amplitude), b: null };
  const weights = [2, 1000, 65_535];
  for (let i = 0; i < TURNS; i++) {
    bench.say(() => bench.home + lab.random(16));
    const weight = weights[i % weights.length] * WEIGHT_ONE;
    const turn = await bench.turnBehind(peer, () =>
      [false, true].map((claims) => ({
        from: peer.address,
        bytes: peer.tell(bench.peers.length, { pair, weight, claims }),
      })),
    );
    trace.add(turn);
  }
  return trace.verdict(
    `SDMs with drift_weight 2, 1,000 and 65,535, and claims of no gateway, are refused: ${trace.followed()}`,
  );
}

async function checksRange(bench: Bench): Promise<Finding> {
  const { low, high, zero } = bench.cell.rules;
  const outside = [high + ONE, low - ONE, VALUE_MAX + zero].filter(
    (c) => (c > high || c < low) && c <= VALUE_MAX && c >= -VALUE_MAX,
  );
  if (outside.length === 0) return unseen('every value lies within the range of this key');
  await bench.settle();
  const trace = new Trace();
  await bench.watch(trace, TURNS, (i) => {
    bench.say(() => bench.home + bench.lab.random(16));
    bench.peers[0].say(bench.cell, { c: outside[i % outside.length], b: null });
    return undefined;
  });
  return trace.verdict(
    `contributions of ${outside.map((c) => bench.text(c)).join(', ')} count as missing: ${trace.followed()}`,
  );
}

/** What one peer can do alone, however far it jumps: a span, divided by all who contribute. */
async function boundsOnePeer(bench: Bench): Promise<Finding> {
  const { span, low, high, guard } = bench.cell.rules;
  if (!guard) return unseen('the guard of this key is off: the mean of whatever is sent is what was asked for');
  const start = await bench.settle();
  const trace = new Trace();
  const far = high - bench.home > bench.home - low ? high : low;
  if (Math.abs(far - bench.home) <= span) return unseen('the range ends within one span');
  const n = start.forecast?.n ?? 2;
  await bench.watch(trace, 2 * TURNS, () => {
    bench.peers[0].say(bench.cell, { c: far, b: far });
    return undefined;
  });
  const most = Math.max(...trace.turns.map(({ b }) => Math.abs((b ?? bench.home) - (start.b ?? bench.home))));
  // The others, whom it is among, do not say quite the same.
  const bound = span / n + OTHERS_SPREAD;
  const evidence = `one of ${n} at ${bench.text(far)} moved b by ${bench.size(most)}; span / ${n} is ${bench.size(span / n)}`;
  return most > bound ? fail(evidence) : trace.verdict(`${evidence}; ${trace.followed()}`);
}

async function bindsTags(bench: Bench): Promise<Finding> {
  if (bench.options.addresses < 2) return unseen('it takes two addresses to send from; give them with --bind');
  await bench.settle();
  const { lab } = bench;
  const [peer, other] = bench.peers;
  const trace = new Trace();
  const pair = { c: bench.inRange(bench.home + FAR * bench.amplitude), b: null };
  await bench.watch(trace, TURNS, () => {
    bench.say(() => bench.home + lab.random(16));
    const cycle = peer.cycle + 2;
    const forged = peer.tell(bench.peers.length, { cycle, pair });
    return [{ from: other.address, bytes: forged }];
  });
  peer.cycle += 2;
  return trace.verdict(
    `${TURNS} datagrams with a peer’s tag from another address changed nothing: ${trace.followed()}`,
  );
}

/** An address that draws tag after tag stays as many voices as it may have. */
async function countsAddresses(bench: Bench): Promise<Finding> {
  await bench.settle();
  const { lab } = bench;
  const { per_address } = bench.options;
  if (per_address > 1) return unseen(`the target was told to take ${per_address} tags of one address (--per-address)`);
  const [peer] = bench.peers;
  const { swarm } = lab;
  if (swarm === null) return unseen('nothing is known of the swarm');
  const trace = new Trace();
  const before = trace.add(await lab.turn()).heard.held;
  peer.silent = true;
  const guests = Array.from({ length: TAGS }, () => new Peer(swarm, peer.address));
  lab.noteForgotten(peer.tag);
  const said = peer.said(bench.cell);
  for (const guest of guests) guest.say(bench.cell, said);
  const sends = guests.map((guest) => ({ from: guest.address, bytes: guest.tell(bench.peers.length) }));
  const last = guests[TAGS - 1];
  lab.noteTaken(last);
  const { held } = (await lab.turn(sends)).heard;
  for (const guest of guests.slice(0, -1)) lab.leave(guest);
  peer.tag = last.tag;
  peer.cycle = last.cycle;
  peer.silent = false;
  await lab.turn();
  const evidence = `${TAGS} new tags of one address in a cycle: the target held ${before} peers before and ${held} after`;
  return held > before
    ? fail(`${evidence}; if it was told to take several tags of an address, say so with --per-address`)
    : pass(evidence);
}

/**
 * Of a flood the target takes its first datagrams only, and who speaks behind it is heard in the same cycle. Each
 * datagram of the flood adds one lsb to b, and each of two others' FLOOD_OTHERS_LSB, so b tells who was heard.
 */
async function limitsRate(bench: Bench): Promise<Finding> {
  const { lab, cell } = bench;
  if (bench.options.addresses < 2) return unseen('it takes two addresses to send from; give them with --bind');
  if (cell.rules.floor[0] < 3 * FLOOD_OTHERS_LSB)
    return unseen('the floor of this key is too small to tell what was taken');
  const start = await bench.settle();
  if (start.heard.pace > 1)
    return unseen('the target is in low-power mode, and takes as much in one run as else in several');
  const voices = start.forecast?.n ?? 2;
  const [peer, ...others] = bench.peers;
  const base = peer.said(cell).c ?? bench.home;
  const up = base + 3 * FLOOD_OTHERS_LSB * voices <= cell.rules.high ? 1 : -1;
  const still = start.b ?? bench.home;
  lab.guessing = true;
  const turn = await bench.turnBehind(peer, () => {
    const told = (one: Peer, by: number): Send => {
      const pair = { c: (one.said(cell).c ?? base) + up * voices * by, b: null };
      return { from: one.address, bytes: one.tell(bench.peers.length, { pair }) };
    };
    const flood = Array.from({ length: FLOOD }, (_, i) => told(peer, i + 1));
    // What the others say in this turn must come before, or it would take back what stands behind the flood.
    for (const one of others) lab.tell(one);
    for (const one of others) one.silent = true;
    return [...flood, ...others.slice(0, 2).map((one) => told(one, FLOOD_OTHERS_LSB))];
  });
  lab.guessing = false;
  for (const one of others) one.silent = false;
  const moved = Math.max(0, Math.round(up * ((turn.b ?? still) - still)));
  const served = Math.floor(moved / FLOOD_OTHERS_LSB);
  const taken = moved - served * FLOOD_OTHERS_LSB;
  const after = await bench.settle();
  if (!turn.clean) return unseen('the cycle of the flood came with a gap');
  const evidence =
    `of ${FLOOD} datagrams of one address in a cycle the first ${taken} were taken, ` +
    `and ${served} of ${Math.min(2, others.length)} others that spoke behind them`;
  if (taken > FLOOD_TAKEN_MAX) return fail(`${evidence}: there is no limit`);
  if (served < 1) return fail(`${evidence}: the flood kept others out`);
  return after.ok
    ? pass(`${evidence}; afterwards all was as before`)
    : fail(`${evidence}; afterwards b is ${bench.text(after.b)}`);
}

const usual = { quick: true, peers: 1, told: false, passive: false } as const;

export const SECURITY: readonly Clause[] = [
  {
    ...usual,
    name: 'security.validated',
    text: 'malformed datagrams change nothing and stop nobody',
    cycles: Math.ceil(MALFORMED.length / BATCH) + 6,
    run: refusesMalformed,
  },
  {
    ...usual,
    name: 'security.weighted',
    text: 'nobody but a gateway speaks for more than one',
    cycles: TURNS + 6,
    run: weighs,
  },
  {
    ...usual,
    name: 'security.range',
    text: 'a contribution outside the key’s range counts as missing',
    cycles: TURNS + 6,
    told: true,
    run: checksRange,
  },
  {
    ...usual,
    name: 'security.one-peer',
    text: 'one peer moves b by a share of the span at most',
    cycles: 2 * TURNS + 6,
    told: true,
    run: boundsOnePeer,
  },
  {
    ...usual,
    name: 'security.source',
    text: 'a tag belongs to the address that it came from',
    cycles: TURNS + 6,
    peers: 2,
    run: bindsTags,
  },
  {
    ...usual,
    name: 'security.one-address',
    text: 'one address is one voice, however many tags it draws',
    cycles: 10,
    run: countsAddresses,
  },
  {
    ...usual,
    name: 'security.rate',
    text: 'a flood of one address is cut, and harms nobody else',
    cycles: 16,
    peers: 2,
    told: true,
    run: limitsRate,
  },
];
