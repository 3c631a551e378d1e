/** Datagrams that nobody honest sends: noise, and real ones that were tampered with. All of it follows from a seed. */
import type { Random } from '../../host-sim/world/random.ts';
import { createRandom } from '../../host-sim/world/random.ts';
import type { Harness } from './harness.ts';
import { createHarness, ONE, testKey } from './harness.ts';

const SOURCES = 200;
const HEADER_BYTES = 18;
const DATAGRAM_MAX = 1232;
const RELAYS = { off: 0, safe: 1, open: 2 };

export type RelayMode = keyof typeof RELAYS;

const SETTINGS = {
  keys: [
    testKey({ name: 'a', scope: 1 }),
    testKey({ name: 'b', reference: 0, scope: 1 }),
    testKey({ name: 'c', guard: false, reference: 2 ** 31 - 1, high: 2 ** 31 - 1 }),
  ],
  shards: 2,
};

/** A node of the swarm that was captured; a gateway where it has a site. */
export function startNode(seed: number, site: string, relay: RelayMode): Harness {
  const harness = createHarness({ seed, settings: { ...SETTINGS, site, relay: RELAYS[relay] }, gateway: site !== '' });
  SETTINGS.keys.forEach((_, key) => harness.setReading(key, (20 + (seed % 7)) * ONE));
  return harness;
}

/** What a swarm of eight and gateways of two sites say while most of it is lost: with relays, entropy, beacons, claims and sites. */
function capture(): { lan: DataView[]; medium: DataView[] } {
  const random = createRandom(99);
  const nodes = Array.from({ length: 8 }, (_, i) => startNode(100 + i, i === 0 ? 'one' : '', 'safe'));
  const far = startNode(200, 'two', 'safe');
  for (let cycle = 0; cycle < 40; cycle++) {
    far.cycle();
    nodes[0].deliverMedium(far.sentMedium[far.sentMedium.length - 1], 50);
    for (const [i, node] of nodes.entries()) {
      const view = node.cycle();
      for (const other of nodes) if (other !== node && random.uniform() < 0.2) other.deliver(view, i + 1);
    }
  }
  nodes[1].node.shutdown();
  const lan = [...nodes, far].flatMap(({ sent }) => sent);
  const medium = [...nodes, far].flatMap(({ sentMedium }) => sentMedium);
  return { lan, medium };
}

export const captured = capture();

/** Where a made datagram stands; it is written anew for each. */
export const made = new DataView(new ArrayBuffer(DATAGRAM_MAX + 64));

function fillWithNoise(random: Random, from: number, to: number): void {
  for (let at = from; at < to; at++) made.setUint8(at, random.word() & 0xff);
}

/** Noise of any length; every second one behind a header that passes, so that the messages are looked at. */
export function makeNoise(random: Random): number {
  const length = random.uniform() < 0.9 ? random.below(64) : random.below(made.byteLength);
  fillWithNoise(random, 0, length);
  if (random.uniform() < 0.5 || length < HEADER_BYTES) return length;
  const real = captured.lan[random.below(captured.lan.length)];
  for (let at = 0; at < 6; at++) made.setUint8(at, real.getUint8(at));
  made.setUint8(3, random.below(16) & ~1);
  if (length < HEADER_BYTES + 3) return length;
  // A type that is known and a length that fits, most of the time.
  made.setUint8(HEADER_BYTES, random.below(7));
  made.setUint16(
    HEADER_BYTES + 1,
    Math.max(0, length - HEADER_BYTES - 3 - (random.uniform() < 0.9 ? 0 : random.below(9))),
  );
  return length;
}

/** Numbers that stand at an edge of something. */
const EDGES = [0, 1, 2, 0x7f, 0x80, 0xff];

type Mutation = (random: Random, length: number, sources: DataView[]) => number;

const MUTATIONS: Mutation[] = [
  (random, length) => {
    made.setUint8(random.below(length), made.getUint8(random.below(length)) ^ (1 << random.below(8)));
    return length;
  },
  (random, length) => {
    made.setUint8(random.below(length), EDGES[random.below(EDGES.length)]);
    return length;
  },
  (random, length) => {
    const at = HEADER_BYTES + random.below(Math.max(1, length - HEADER_BYTES - 4));
    if (at + 4 <= length) made.setInt32(at, random.word() >> random.below(32));
    return length;
  },
  // Another cycle, far or near, and another tag: who sends, and when.
  (random, length) => {
    made.setInt32(10, random.uniform() < 0.5 ? random.word() : (made.getInt32(10) + random.below(200) - 100) | 0);
    return length;
  },
  (random, length) => {
    made.setInt32(6, random.uniform() < 0.5 ? random.word() : random.below(40));
    return length;
  },
  (random, length) => {
    made.setUint8(3, random.below(16));
    return length;
  },
  (random, length) => random.below(length + 1),
  (random, length) => {
    const longer = Math.min(made.byteLength, length + 1 + random.below(40));
    fillWithNoise(random, length, longer);
    return longer;
  },
  // The end of another datagram behind the beginning of this one.
  (random, length, sources) => {
    const other = sources[random.below(sources.length)];
    const at = Math.min(length, HEADER_BYTES + random.below(60));
    const tail = Math.min(other.byteLength - HEADER_BYTES, made.byteLength - at);
    for (let i = 0; i < tail; i++) made.setUint8(at + i, other.getUint8(other.byteLength - tail + i));
    return at + tail;
  },
];

/** A real one, as if it had just been sent, with up to three mutations. */
export function makeMutated(random: Random, sources: DataView[], cycle: number): number {
  const real = sources[random.below(sources.length)];
  let length = real.byteLength;
  for (let at = 0; at < length; at++) made.setUint8(at, real.getUint8(at));
  if (random.uniform() < 0.9) made.setInt32(10, cycle + random.below(3));
  for (let i = random.below(4); i > 0 && length > HEADER_BYTES + 4; i--) {
    length = MUTATIONS[random.below(MUTATIONS.length)](random, length, sources);
  }
  return length;
}

/** Mostly the address that the tag came from before, or hardly anything would get past that check. */
export function sourceOf(random: Random, length: number): number {
  if (length < HEADER_BYTES || random.uniform() < 0.1) return 1 + random.below(SOURCES);
  return 1 + ((made.getInt32(6) >>> 0) % SOURCES);
}
