/** What nodes say comes out at the other end as it went in: byte by byte against the reference, and from node to node. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fields, MeanDiff, Message, VectorSettings } from '../../vectors/format.ts';
import { firmwareSettings } from '../../vectors/load.ts';
import { encode, keysOfShard } from '../../vectors/reference-codec.ts';
import type { Harness } from '../harness.ts';
import { api, createHarness } from '../harness.ts';
import { peerOf, slotOf } from '../inspect.ts';
import { expectInvariants } from '../invariants.ts';
import { i32, settings, u32 } from './arbitraries.ts';
import { sendFields } from './by-fields.ts';
import { hexOf, reason, receiverOf } from './vector-receiver.ts';

const ONE = 65_536;
const VALUE_MAX = 2 ** 31 - 1;

const tag = u32.filter((word) => word !== 0);
const value = fc.option(fc.oneof(fc.nat(VALUE_MAX), fc.constantFrom(0, VALUE_MAX)));

function perKey<T>(given: VectorSettings, one: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.tuple(...given.keys.map(() => one));
}

function diffOf(held: number | null, reference: number): number | null {
  return held === null ? null : held - reference;
}

/** The state diffs that a sender makes of these values: every shard with something to say, and the first. */
function sdmsOf(given: VectorSettings, c: (number | null)[], b: (number | null)[]): Message[] {
  const messages: Message[] = [];
  for (let shard_id = 0; shard_id < given.shards; shard_id++) {
    const diff_vector = keysOfShard(given, shard_id).map((key) => {
      const index = given.keys.indexOf(key);
      return { key: key.name, c: diffOf(c[index], key.reference), b: diffOf(b[index], key.reference) };
    });
    const says = diff_vector.some((one) => one.c !== null || one.b !== null);
    if (says || shard_id === 0) messages.push({ type: 'sdm', shard_id, drift_weight: ONE, diff_vector });
  }
  return messages;
}

type Mean = [value: number | null, weight: number];

function meansOf(given: VectorSettings, means: Mean[]): MeanDiff[] {
  return given.keys.map(({ name, reference }, index) => {
    const [held, weight] = means[index];
    return { key: name, value: diffOf(held, reference), weight: held === null ? 0 : weight };
  });
}

function claimsOf(given: VectorSettings, means: Mean[]): Message[] {
  const messages: Message[] = [];
  for (let shard_id = 0; shard_id < given.shards; shard_id++) {
    const names = keysOfShard(given, shard_id).map(({ name }) => name);
    const diff_vector = meansOf(given, means).filter(({ key }) => names.includes(key));
    const largest = Math.max(0, ...diff_vector.map(({ weight }) => weight));
    const drift_weight = Math.min(largest, 0xffff) * ONE;
    if (largest > 0) messages.push({ type: 'claims', shard_id, drift_weight, diff_vector });
  }
  return messages;
}

function widthFor(diffs: (number | null)[]): number {
  const largest = Math.max(0, ...diffs.map((diff) => Math.abs(diff ?? 0)));
  return largest < 2 ** 15 ? 2 : largest < 2 ** 23 ? 3 : 4;
}

function relay(given: VectorSettings): fc.Arbitrary<Message> {
  const near = fc.oneof(i32, fc.integer({ min: -40_000, max: 40_000 }), fc.constantFrom(-8_388_608, 8_388_607));
  const diffs = perKey(given, fc.option(near)).map((list) =>
    list.map((diff, i) => {
      const held = diff === null ? -1 : diff + given.keys[i].reference;
      return held >= 0 && held <= VALUE_MAX ? diff : null;
    }),
  );
  const entry = fc.record({
    tag,
    cycle: fc.nat(0xffff),
    first_hand: fc.boolean(),
    age: fc.nat(120),
    diffs,
  });
  const entries = fc.uniqueArray(entry, { minLength: 1, maxLength: 16, selector: (one) => one.tag });
  return entries.map((list) => ({ type: 'relay', width: widthFor(list.flatMap((one) => one.diffs)), entries: list }));
}

/** What a sender writes, in its order. */
function sentFields(given: VectorSettings): fc.Arbitrary<Fields> {
  const mean = fc.tuple(value, fc.integer({ min: 0, max: 2 ** 20 }));
  const means = fc.option(perKey(given, mean));
  return fc
    .record({
      c: perKey(given, value),
      b: perKey(given, value),
      means,
      relayed: fc.option(relay(given)),
      words: fc.option(fc.array(u32, { minLength: 2, maxLength: 8 })),
      timestamp: fc.maxSafeNat(),
      nonce: fc.option(u32),
      head: fc.record({ tag, cycle: i32, held: fc.nat(1000), mean_age: fc.nat(255), pace: fc.constantFrom(1, 8) }),
    })
    .map(({ c, b, means, relayed, words, timestamp, nonce, head }): Fields => {
      const messages = [...sdmsOf(given, c, b), ...(means === null ? [] : claimsOf(given, means))];
      if (words !== null) messages.push({ type: 'ep', timestamp, node_load: ONE, entropy_vector: words });
      if (nonce !== null) messages.push({ type: 'beacon', nonce, earlier: 7, cycle_ms: 1000 });
      if (relayed !== null) messages.push(relayed);
      const flags = [...(given.seal_bytes > 0 ? ['sealed'] : []), ...(means === null ? [] : ['gateway'])];
      return { ...head, flags, messages, ...(given.seal_bytes > 0 ? { clock_s: 1_700_000_000 } : {}) };
    })
    .filter((fields) => encode(fields, given).length <= 1232);
}

describe('encoding', () => {
  it('writes the bytes of the reference', () => {
    const both = settings.chain((given) => sentFields(given).map((fields) => ({ given, fields })));
    fc.assert(
      fc.property(both, ({ given, fields }) => {
        const { transport } = receiverOf(given).node.parts;
        expect(hexOf(sendFields(transport, fields))).toBe(Buffer.from(encode(fields, given)).toString('hex'));
      }),
      { numRuns: 500 },
    );
  });
});

/** Readings of three nodes, from a tenth below the range to a tenth above it, or none. */
const threeNodes = settings.chain((given) =>
  fc.record({
    given: fc.constant(given),
    seed: fc.nat(),
    readings: fc.tuple(
      ...[0, 1, 2].map(() => perKey(given, fc.option(fc.double({ min: -0.1, max: 1.1, noNaN: true })))),
    ),
  }),
);

function startNode(given: VectorSettings, seed: number, shares: (number | null)[]): Harness {
  const harness = createHarness({ seed, settings: { ...firmwareSettings(given), relay: 1 } });
  given.keys.forEach(({ low, high }, key) => {
    const share = shares[key];
    const reading = share === null ? api.NONE : Math.round(low + share * (high - low));
    harness.setReading(key, Math.min(VALUE_MAX, Math.max(api.NONE, reading)));
  });
  return harness;
}

describe('from node to node', () => {
  it('a contribution arrives as it was sent, straight and by a relay', () => {
    fc.assert(
      fc.property(threeNodes, ({ given, seed, readings }) => {
        const [speaker, relaying, listener] = readings.map((shares, i) => startNode(given, 3 * seed + i, shares));
        expect(reason(relaying.deliver(speaker.cycle(), 1))).toBe('none');
        const { tag, c } = slotOf(speaker.node.parts, 0);
        const b = [...speaker.node.parts.state.b].map((held) => (held === api.NONE ? null : held));
        expect(peerOf(relaying.node.parts, tag)).toMatchObject({ c, b });

        relaying.cycle();
        relaying.deliver(listener.cycle(), 3);
        expect(reason(listener.deliver(relaying.cycle(), 2))).toBe('none');
        expect(relaying.node.parts.transport.relayed, 'the listener knows one peer less, so it is helped').toBe(2);
        expect(peerOf(listener.node.parts, tag)).toMatchObject({ c, by: slotOf(relaying.node.parts, 0).tag });
        expect(listener.node.parts.transport.lies).toBe(0);
        for (const harness of [speaker, relaying, listener]) expectInvariants(harness.node.parts);
      }),
      { numRuns: 300 },
    );
  });
});
