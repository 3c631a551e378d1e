/** "Supports EP/SDM formats": what the target sends is checked to the byte; what it must take, it takes. */
import type { Bench } from '../lab/bench.ts';
import type { Telling } from '../lab/peer.ts';
import { randomTag } from '../lab/peer.ts';
import { Trace } from '../lab/trace.ts';
import { encodeBeacon, encodeEP, encodeMessage } from '../wire/encode.ts';
import { TYPE_SKIPPED } from '../wire/format.ts';
import { type Clause, fail, type Finding, pass, unseen } from './clause.ts';

/** Runs from one entropy packet to the next; blueprint and protocol leave it open, this is how long one is waited for. */
const EP_WAIT = 24;
const EP_MIN = 2;
const TAKE_TURNS = 4;
const HELLOS = 3;
/** Runs between two hellos: an answer to the first must not pass for one to the second. */
const HELLO_GAP = 3;

const hex = (id: number): string => id.toString(16).padStart(4, '0');

function wellFormed({ lab }: Bench): Finding {
  const { entries } = lab.ledger;
  const faulty = entries.filter(({ heard }) => heard.fault !== '');
  if (faulty.length > 0)
    return fail(`${faulty.length} of ${entries.length} datagrams are not well formed; ${faulty[0].heard.fault}`);
  if (lab.swarm !== null) {
    const { swarm_id } = lab.swarm;
    const others = entries.filter(({ heard }) => heard.swarm_id !== swarm_id);
    if (others.length > 0)
      return fail(
        `swarm id ${hex(others[0].heard.swarm_id)} in ${others.length} of ${entries.length} datagrams; name, keys and shards as told make ${hex(swarm_id)}`,
      );
  }
  const largest = Math.max(0, ...entries.map(({ heard }) => heard.bytes));
  return pass(`${entries.length} datagrams well formed to the byte, the largest ${largest} bytes`);
}

/** What came of joining: a node that hears its peers says that it holds them. */
function takesSDM({ hearing, peers }: Bench): Finding {
  const { held, why } = hearing;
  if (peers.length === 0) return unseen(why);
  const evidence = `${peers.length} peers sent their state diffs, and it says that it holds ${held}`;
  return held < peers.length ? fail(evidence) : pass(evidence);
}

async function sendsEntropy({ lab }: Bench): Promise<Finding> {
  const packets = (): { words: number[]; load: number; timestamp_ms: number }[] =>
    lab.ledger.entries.flatMap(({ heard }) => (heard.ep === null ? [] : [heard.ep]));
  for (let i = 0; i < EP_WAIT && packets().length < EP_MIN; i++) await lab.turn();
  const found = packets();
  if (found.length < EP_MIN) return fail(`${found.length} entropy packets in ${lab.ledger.entries.length} datagrams`);
  const words = found.flatMap((packet) => packet.words);
  const clock = found.some(({ timestamp_ms }) => timestamp_ms !== 0);
  if (new Set(words).size < words.length - 1)
    return fail(`entropy words repeat: ${words.length} of them, ${new Set(words).size} different`);
  return pass(
    `${found.length} entropy packets, ${words.length} words, all different; load ${(found[0].load / 65_536).toFixed(2)}, ` +
      (clock ? 'with the time' : 'without a clock'),
  );
}

async function answersHello({ lab }: Bench): Promise<Finding> {
  const answers: string[] = [];
  for (let i = 0; i < HELLOS; i++) {
    lab.hail(lab.swarm?.swarm_id ?? 0);
    const { heard } = await lab.turn();
    answers.push(heard.beacon === null ? 'none' : 'the next datagram');
    for (let gap = 0; gap < HELLO_GAP; gap++) await lab.turn();
  }
  const late = answers.filter((answer) => answer === 'none').length;
  const evidence = `${HELLOS - late} of ${HELLOS} hellos of a newcomer answered by a beacon in the very next datagram`;
  return late > 0 ? fail(evidence) : pass(evidence);
}

/** Speakers' next contributions come with something else in the same datagram, and must count all the same. */
async function takes(bench: Bench, messages: () => readonly Uint8Array[], what: string): Promise<Finding> {
  await bench.settle();
  const trace = new Trace();
  const { lab } = bench;
  for (let i = 0; i < TAKE_TURNS; i++) {
    bench.say(() => bench.home + lab.random(bench.amplitude));
    const telling: Telling = { messages: messages() };
    for (const peer of bench.peers) {
      peer.silent = true;
      lab.tell(peer, telling);
    }
    trace.add(await lab.turn());
  }
  for (const peer of bench.peers) peer.silent = false;
  return trace.verdict(`contributions that came with ${what}: ${trace.followed()}`);
}

const skipped = (): readonly Uint8Array[] => [encodeMessage(TYPE_SKIPPED + 72, Buffer.from('not known yet'))];

function entropy(bench: Bench): readonly Uint8Array[] {
  const words = Array.from({ length: 4 }, () => randomTag());
  return [encodeEP(Date.now(), 0, words), encodeBeacon(bench.peers[0].nonce, bench.lab.cycle_ms)];
}

const usual = { quick: true, peers: 1, told: false, passive: false } as const;

export const FORMATS: readonly Clause[] = [
  {
    ...usual,
    name: 'formats.well-formed',
    text: 'header and messages as the format has them, to the byte',
    cycles: 0,
    peers: 0,
    passive: true,
    run: wellFormed,
  },
  {
    ...usual,
    name: 'formats.takes-sdm',
    text: 'takes the state diffs of its peers, and holds them',
    cycles: 0,
    peers: 0,
    passive: true,
    run: takesSDM,
  },
  {
    ...usual,
    name: 'formats.ep',
    text: 'sends entropy packets whose words never repeat',
    cycles: 8,
    peers: 0,
    run: sendsEntropy,
  },
  {
    ...usual,
    name: 'formats.hello',
    text: 'answers a newcomer’s hello with a beacon in its next datagram',
    cycles: HELLOS * (HELLO_GAP + 1),
    run: answersHello,
  },
  {
    ...usual,
    name: 'formats.takes-ep',
    text: 'takes an SDM, an EP and a beacon from one datagram',
    cycles: TAKE_TURNS + 6,
    run: (bench) => takes(bench, () => entropy(bench), 'an EP and a beacon'),
  },
  {
    ...usual,
    name: 'formats.extension',
    text: 'skips a message of a type from 128 on, and takes the rest',
    cycles: TAKE_TURNS + 6,
    run: (bench) => takes(bench, skipped, 'a message of type 200'),
  },
];
