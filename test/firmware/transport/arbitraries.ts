/** Random settings, fields and damage for property tests of the wire format. */
import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { Claims, Fields, MeanDiff, Message, RelayEntry, SDM, VectorSettings } from '../../vectors/format.ts';
import { encode, keysOfShard, shardOf, swarmIdOf, vectorSeal } from '../../vectors/reference-codec.ts';

const ONE = 65_536;
const VALUE_MAX = 2 ** 31 - 1;
const DATAGRAM_MAX = 1232;
const HEADER_BYTES = 18;

export const u32 = fc.oneof(fc.nat(2 ** 32 - 1), fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1));
export const i32 = u32.map((word) => word | 0);
const tag = u32.filter((word) => word !== 0);
const value = fc.oneof(fc.nat(VALUE_MAX), fc.constantFrom(0, 1, ONE, VALUE_MAX));
const cycle16 = fc.oneof(fc.nat(0xffff), fc.constantFrom(0, 0x7fff, 0x8000, 0xffff));

const key = fc
  .record({
    name: fc.string({ maxLength: 12, unit: 'binary' }),
    reference: value,
    one: value,
    other: value,
  })
  .map(({ name, reference, one, other }) => ({
    // Never the name of something that every object has.
    name: `k${name}`,
    reference,
    low: Math.min(one, other),
    high: Math.max(one, other),
    scope: 'all' as const,
  }));

export const settings: Arbitrary<VectorSettings> = fc
  .record({
    swarm: fc.string({ maxLength: 8 }),
    keys: fc.uniqueArray(key, { minLength: 1, maxLength: 6, selector: ({ name }) => name }),
    shards: fc.integer({ min: 1, max: 4 }),
    seal_bytes: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 32 })),
    site: fc.constantFrom('', 'harbour'),
  })
  .map((given) => {
    const whole = { ...given, relay: 'open' as const, swarm_id: 0, shard_of: [] };
    return {
      ...whole,
      swarm_id: swarmIdOf(whole),
      shard_of: given.keys.map(({ name }) => shardOf(name, given.shards)),
    };
  });

/** Any difference of four bytes, near 0 as often as not; null for none. */
const anyDiff = fc
  .oneof(i32, fc.integer({ min: -100, max: 100 }), fc.constantFrom(-VALUE_MAX, VALUE_MAX))
  .map((diff) => (diff === -(2 ** 31) ? null : diff));
const weight = fc.oneof(i32, fc.integer({ min: -2, max: 100 }), fc.constantFrom(2 ** 14, 2 ** 20, 2 ** 20 + 1));

const ep: Arbitrary<Message> = fc.record({
  type: fc.constant('ep' as const),
  timestamp: fc.maxSafeNat(),
  node_load: u32,
  entropy_vector: fc.uniqueArray(u32, { minLength: 2, maxLength: 8 }),
});
const beacon: Arbitrary<Message> = fc.record({
  type: fc.constant('beacon' as const),
  nonce: u32,
  earlier: fc.constant(0),
  cycle_ms: fc.nat(0xffff),
});
const unknown: Arbitrary<Message> = fc.record({
  type: fc.constant('unknown' as const),
  number: fc.integer({ min: 128, max: 255 }),
  body: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('hex')),
});

function sdm(given: VectorSettings, shard_id: number): Arbitrary<SDM> {
  const keys = keysOfShard(given, shard_id);
  const vector = fc.tuple(...keys.map(({ name }) => fc.record({ key: fc.constant(name), c: anyDiff, b: anyDiff })));
  return vector.map((diff_vector) => ({ type: 'sdm', shard_id, drift_weight: ONE, diff_vector }));
}

function means(names: string[]): Arbitrary<MeanDiff[]> {
  return fc.tuple(...names.map((name) => fc.record({ key: fc.constant(name), value: anyDiff, weight })));
}

function claims(given: VectorSettings, shard_id: number): Arbitrary<Claims> {
  const names = keysOfShard(given, shard_id).map(({ name }) => name);
  return fc
    .tuple(means(names), tag)
    .map(([diff_vector, drift_weight]) => ({ type: 'claims', shard_id, drift_weight, diff_vector }));
}

function relay(given: VectorSettings): Arbitrary<Message> {
  return fc.integer({ min: 2, max: 4 }).chain((width) => {
    const most = 2 ** (8 * width - 1) - 1;
    const diff = fc.option(fc.oneof(fc.integer({ min: -most, max: most }), fc.constantFrom(-most, 0, most)));
    const entry: Arbitrary<RelayEntry> = fc.record({
      tag: u32,
      cycle: cycle16,
      first_hand: fc.boolean(),
      age: fc.nat(127),
      diffs: fc.tuple(...given.keys.map(() => diff)),
    });
    const entries = fc.uniqueArray(entry, { minLength: 1, maxLength: 18, selector: (one) => one.tag });
    return entries.map((list) => ({ type: 'relay' as const, width, entries: list }));
  });
}

function site(given: VectorSettings): Arbitrary<Message> {
  return fc
    .tuple(u32, means(given.keys.map(({ name }) => name)))
    .map(([id, diff_vector]) => ({ type: 'site' as const, site: id, diff_vector }));
}

function header(flags: string[], given: VectorSettings): Arbitrary<Omit<Fields, 'messages'>> {
  return fc.record({
    flags: fc.subarray(flags).map((some) => [...(given.seal_bytes > 0 ? ['sealed'] : []), ...some]),
    tag,
    cycle: i32,
    held: fc.nat(0xffff),
    mean_age: fc.nat(0xff),
    pace: fc.integer({ min: 1, max: 255 }),
    ...(given.seal_bytes > 0 ? { clock_s: fc.constant(1_700_000_000) } : {}),
  });
}

function fits(given: VectorSettings): (fields: Fields) => boolean {
  return (fields) => encode(fields, given).length <= DATAGRAM_MAX;
}

/** Anything that a receiver must take, messages in any order: each shard once, tags of relayed entries once and not the sender's. */
export function anyFields(given: VectorSettings): Arbitrary<Fields> {
  const shards = fc.subarray(Array.from({ length: given.shards }, (_, shard) => shard));
  const messages: Arbitrary<Message[]> = fc.tuple(shards, shards).chain(([said, claimed]) =>
    fc
      .tuple(
        fc.tuple(...said.map((shard) => sdm(given, shard))),
        fc.tuple(...claimed.map((shard) => claims(given, shard))),
        fc.array(unknown, { maxLength: 2 }),
        ...[ep, beacon, relay(given)].map((one) => fc.option(one)),
      )
      .chain(([sdms, claimList, unknowns, ...others]) => {
        const list: Message[] = [...sdms, ...claimList, ...unknowns, ...others.filter((one) => one !== null)];
        return fc.shuffledSubarray(list, { minLength: list.length });
      }),
  );
  return fc
    .tuple(header(['hello'], given), messages)
    .map(([head, list]): Fields => {
      const isGateway = list.some(({ type }) => type === 'claims');
      return { ...head, flags: [...head.flags, ...(isGateway ? ['gateway'] : [])], messages: list };
    })
    .filter(fits(given))
    .filter((fields) =>
      fields.messages.every((one) => one.type !== 'relay' || one.entries.every((entry) => entry.tag !== fields.tag)),
    );
}

/** What a gateway publishes on the medium. */
export function siteFields(given: VectorSettings): Arbitrary<Fields> {
  return fc.tuple(header(['gateway'], given), site(given)).map(([head, message]) => ({ ...head, messages: [message] }));
}

/** How a datagram is damaged on its way. Sealed anew by one who has the key, or not. */
export interface Damage {
  places: { at: number; byte: number }[];
  length: number;
  reseals: boolean;
}

export const damage: Arbitrary<Damage> = fc.record({
  places: fc.array(fc.record({ at: fc.nat(400), byte: fc.nat(255) }), { maxLength: 4 }),
  length: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: -40, max: 40 }) },
  ),
  reseals: fc.boolean(),
});

/** The header up to the tag stays whole, or hardly anything but it would ever be tested. */
const WHOLE_BYTES = 10;

export function damaged(bytes: Uint8Array, { places, length, reseals }: Damage, given: VectorSettings): Uint8Array {
  const changed = new Uint8Array(Math.max(0, bytes.length + length));
  changed.set(bytes.subarray(0, changed.length));
  for (const { at, byte } of places)
    if (changed.length > WHOLE_BYTES) changed[WHOLE_BYTES + (at % (changed.length - WHOLE_BYTES))] = byte;
  const end = changed.length - given.seal_bytes;
  if (reseals && end >= HEADER_BYTES) changed.set(vectorSeal(changed.subarray(0, end), given.seal_bytes), end);
  return changed;
}
