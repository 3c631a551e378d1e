/** "Tolerates packet loss", and what comes with it: datagrams that come twice, late, or not at all. */
import type { Bench } from '../lab/bench.ts';
import type { Send } from '../lab/lab.ts';
import { Trace } from '../lab/trace.ts';
import { randomTag } from '../lab/peer.ts';
import { type Clause, fail, type Finding, unseen } from './clause.ts';

const LOST_SHARE = 0.6;
const LOSS_TURNS = 16;
const DOUBLE_TURNS = 8;
const SILENT_TURNS = 10;
/** Rising ids below the newest, the last of which means that the sender restarted. */
const RESTART_IDS = 8;
/** So far off that one that counts shows, in the amplitudes of honest changes. */
const FAR = 12;

async function survivesLoss(bench: Bench): Promise<Finding> {
  await bench.settle();
  const trace = new Trace();
  let sent = 0;
  let withheld = 0;
  bench.say(() => bench.home + bench.lab.random(2 * bench.amplitude));
  for (let i = 0; i < LOSS_TURNS; i++) {
    for (const peer of bench.peers) {
      peer.silent = Math.random() < LOST_SHARE;
      if (peer.silent) withheld++;
      sent++;
    }
    trace.add(await bench.lab.turn());
  }
  const last = trace.turns.at(-1);
  for (const peer of bench.peers) peer.silent = false;
  const off = Math.abs((last?.b ?? 0) - (last?.forecast?.band.x ?? 0));
  return trace.verdict(
    `of ${sent} datagrams ${((100 * withheld) / sent).toFixed(0)} % withheld: ${trace.followed()}; ` +
      `at the end ${off} lsb from the mean of all contributions`,
  );
}

/** Each datagram three times, and once more a cycle later. */
async function ignoresDoubles(bench: Bench): Promise<Finding> {
  await bench.settle();
  const { lab } = bench;
  const trace = new Trace();
  let again: Send[] = [];
  let copies = 0;
  for (let i = 0; i < DOUBLE_TURNS; i++) {
    bench.say(() => bench.home + lab.random(bench.amplitude));
    const sends: Send[] = bench.peers.map((peer) => ({ from: peer.address, bytes: peer.tell(bench.peers.length) }));
    for (const peer of bench.peers) {
      peer.silent = true;
      lab.noteTaken(peer);
    }
    const copy = ({ from, bytes }: Send): Send => ({ from, bytes: Buffer.from(bytes) });
    const doubles = [...again, ...sends.map(copy), ...sends.map(copy)];
    again = sends.map(copy);
    copies += doubles.length;
    trace.add(await lab.turn([...sends, ...doubles]));
  }
  for (const peer of bench.peers) peer.silent = false;
  return trace.verdict(`${copies} copies of ${DOUBLE_TURNS * bench.peers.length} datagrams: ${trace.followed()}`);
}

/** An older datagram of the same peer, which was never seen before, comes behind a newer one. */
async function ignoresLate(bench: Bench): Promise<Finding> {
  await bench.settle();
  const { lab } = bench;
  const [peer] = bench.peers;
  const trace = new Trace();
  for (let i = 0; i < DOUBLE_TURNS; i++) {
    bench.say(() => bench.home + lab.random(bench.amplitude));
    const skipped = peer.cycle + 1;
    peer.cycle++;
    const pair = { c: bench.inRange(bench.home + FAR * bench.amplitude), b: null };
    const late = peer.tell(bench.peers.length, { cycle: skipped, pair });
    trace.add(await lab.turn([{ from: peer.address, bytes: late }]));
  }
  return trace.verdict(
    `${DOUBLE_TURNS} datagrams overtaken by newer ones, ${FAR} times as far off: ${trace.followed()}`,
  );
}

/** A counter that begins anew, with the same tag: refused seven times, heard the eighth. */
/** In a sealed swarm eight rising ids may be replays, and who restarts has a new tag: there they are refused. */
async function hearsRestarted(bench: Bench): Promise<Finding> {
  await bench.settle();
  const { lab } = bench;
  const sealed = lab.options.seal !== null;
  const [peer] = bench.peers;
  const trace = new Trace();
  peer.silent = true;
  const before = peer.cycle;
  const first = before - 64;
  const c = bench.inRange(bench.home + FAR * bench.amplitude);
  for (let i = 1; i <= RESTART_IDS; i++) {
    peer.cycle = first + i;
    peer.say(bench.cell, { c: i < RESTART_IDS ? bench.inRange(bench.home - FAR * bench.amplitude) : c, b: null });
    const bytes = peer.tell(bench.peers.length, { cycle: first + i });
    if (i === RESTART_IDS && !sealed) lab.noteTaken(peer);
    trace.add(await lab.turn([{ from: peer.address, bytes }]));
  }
  peer.silent = false;
  if (sealed || trace.miss !== undefined) peer.cycle = before;
  const found = sealed
    ? `${RESTART_IDS} ids below the newest changed nothing, for in a sealed swarm they may be replays`
    : `${RESTART_IDS - 1} ids below the newest changed nothing, the ${RESTART_IDS}th was taken`;
  return trace.verdict(`${found}: ${trace.followed()}`);
}

/** Who is not heard for a while still counts. */
async function keepsSilent(bench: Bench): Promise<Finding> {
  await bench.settle();
  const trace = new Trace();
  await bench.watch(trace, 1, () => {
    bench.say((i) => bench.home + (i === 0 ? FAR * bench.amplitude : 0));
    return undefined;
  });
  bench.peers[0].silent = true;
  await bench.watch(trace, SILENT_TURNS, (i) => {
    bench.peers.forEach((peer, at) => {
      if (at > 0 && peer.said(bench.cell).c !== null)
        peer.say(bench.cell, { c: bench.inRange(bench.home + 16 * i), b: null });
    });
    return undefined;
  });
  bench.peers[0].silent = false;
  return trace.verdict(`a peer silent for ${SILENT_TURNS} cycles still counts: ${trace.followed()}`);
}

/** Who says farewell is forgotten at once, and the others' value with it. */
async function letsGo(bench: Bench): Promise<Finding> {
  await bench.settle();
  const { lab } = bench;
  const [peer] = bench.peers;
  const trace = new Trace();
  bench.say((i) => bench.home + (i === 0 ? FAR * bench.amplitude : 0));
  trace.add(await lab.turn());
  const heldBefore = trace.turns.at(-1)?.heard.held ?? 0;
  peer.silent = true;
  lab.leave(peer);
  const { heard } = trace.add(await lab.turn());
  trace.add(await lab.turn());
  peer.tag = randomTag();
  peer.silent = false;
  trace.add(await lab.turn());
  if (heard.held !== heldBefore - 1) {
    return heldBefore === 0
      ? unseen('the target held nobody')
      : fail(`the target held ${heldBefore} peers before a farewell, and ${heard.held} after it`);
  }
  return trace.verdict(`held ${heldBefore}, then ${heard.held}, and its contribution with it: ${trace.followed()}`);
}

const usual = { quick: true, peers: 1, told: false, passive: false } as const;

export const LOSS: readonly Clause[] = [
  {
    ...usual,
    name: 'loss.withheld',
    text: 'agrees though 60 % of what is sent never comes',
    cycles: LOSS_TURNS + 6,
    run: survivesLoss,
  },
  {
    ...usual,
    name: 'loss.duplicates',
    text: 'a datagram that comes twice adds nothing',
    cycles: DOUBLE_TURNS + 6,
    run: ignoresDoubles,
  },
  {
    ...usual,
    name: 'loss.reordered',
    text: 'a datagram that was overtaken changes nothing',
    cycles: DOUBLE_TURNS + 6,
    run: ignoresLate,
  },
  {
    ...usual,
    name: 'loss.restart',
    text: 'a sender whose counter began anew is heard again; in a sealed swarm, taken for a replay',
    cycles: RESTART_IDS + 6,
    run: hearsRestarted,
  },
  {
    ...usual,
    name: 'loss.silence',
    text: 'who is not heard for ten cycles still counts',
    cycles: SILENT_TURNS + 6,
    run: keepsSilent,
  },
  { ...usual, name: 'loss.farewell', text: 'who leaves is forgotten at once', cycles: 12, run: letsGo },
];
