/** Round trips of random settings and fields, and damage of all kinds: firmware against the reference that shares no code with it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fields, VectorSettings } from '../../vectors/format.ts';
import { encode } from '../../vectors/reference-codec.ts';
import { ReferenceReceiver, takenOf } from '../../vectors/reference-receiver.ts';
import { expectInvariants } from '../invariants.ts';
import { anyFields, damage, damaged, settings, siteFields } from './arbitraries.ts';
import { decodeByFirmware, reason, receiverOf, viewOf } from './vector-receiver.ts';

function withFields(
  fieldsOf: (given: VectorSettings) => fc.Arbitrary<Fields>,
): fc.Arbitrary<{ given: VectorSettings; fields: Fields }> {
  return settings.chain((given) => fieldsOf(given).map((fields) => ({ given, fields })));
}

describe('decoding', () => {
  it('takes from any datagram what the reference says', () => {
    fc.assert(
      fc.property(withFields(anyFields), ({ given, fields }) => {
        const bytes = Buffer.from(encode(fields, given)).toString('hex');
        decodeByFirmware({ kind: 'decode', name: '', bytes, fields, takes: takenOf(fields, given) }, given);
      }),
      { numRuns: 500 },
    );
  });

  it('takes from any site message what the reference says', () => {
    const gateways = settings.map((given) => ({ ...given, site: 'harbour' }));
    fc.assert(
      fc.property(
        gateways.chain((given) => siteFields(given).map((fields) => ({ given, fields }))),
        ({ given, fields }) => {
          const bytes = Buffer.from(encode(fields, given)).toString('hex');
          decodeByFirmware({ kind: 'decode', name: '', bytes, fields, takes: takenOf(fields, given) }, given);
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** At most as many datagrams as one address may send in a cycle: whether two share a bucket is chance. */
const DATAGRAMS_MAX = 16;

const barrage = settings.chain((given) => {
  // Each tag has two addresses of its own: what becomes of two tags at one address is not what is tested here.
  const sender = fc.constantFrom(
    ...[0x11111111, 0x22222222, 0x93333333].flatMap((tag, i) => [1, 2].map((n) => ({ tag, source: 10 * i + n }))),
  );
  const datagram = fc
    .record({
      fields: given.site === '' ? anyFields(given) : fc.oneof(anyFields(given), siteFields(given)),
      sender,
      cycle: fc.integer({ min: -3, max: 3 }),
      medium: fc.boolean(),
      damage: fc.option(damage),
    })
    .map(({ fields, sender: { tag, source }, cycle, medium, damage: harm }) => {
      const whole = encode({ ...fields, tag, cycle }, given);
      return {
        source,
        medium: medium && given.site !== '',
        bytes: harm === null ? whole : damaged(whole, harm, given),
      };
    });
  return fc.record({ given: fc.constant(given), datagrams: fc.array(datagram, { maxLength: DATAGRAMS_MAX }) });
});

const NOISE_SETTINGS: VectorSettings = {
  swarm: 'noise',
  keys: [{ name: 'a', reference: 65_536, low: 0, high: 6_553_600, scope: 'all' }],
  shards: 1,
  seal_bytes: 0,
  relay: 'safe',
  site: 'harbour',
  swarm_id: 0,
  shard_of: [0],
};
const NOISE_HEADER = encode(
  { flags: ['gateway'], tag: 5, cycle: 5, held: 0, mean_age: 0, pace: 1, messages: [] },
  NOISE_SETTINGS,
);

describe('refusing', () => {
  it('refuses what the reference refuses, for the same reason, and stays whole', () => {
    fc.assert(
      fc.property(barrage, ({ given, datagrams }) => {
        const harness = receiverOf(given);
        const { tag, freshness } = harness.node.parts.transport;
        const reference = new ReferenceReceiver(given, tag >>> 0, freshness.clock_s);
        const refused: Record<string, number> = {};
        for (const { bytes, source, medium } of datagrams) {
          const expected = reference.receive(bytes, source, medium);
          const view = viewOf(bytes);
          const got = medium ? harness.deliverMedium(view, source) : harness.deliver(view, source);
          expect(reason(got)).toBe(expected);
          if (got !== 0) refused[expected] = (refused[expected] ?? 0) + 1;
          expectInvariants(harness.node.parts);
        }
        for (const [name, count] of Object.entries(refused)) expect(harness.dropped(name), name).toBe(count);
        harness.cycle();
        expectInvariants(harness.node.parts);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws on noise', () => {
    const noise = fc.uint8Array({ maxLength: 1300 });
    const framed = fc.uint8Array({ maxLength: 200 }).map((body) => Uint8Array.of(...NOISE_HEADER, ...body));
    const datagram = fc.record({ bytes: fc.oneof(noise, framed), source: fc.integer({ min: 1, max: 100 }) });
    fc.assert(
      fc.property(fc.array(datagram), (datagrams) => {
        const harness = receiverOf(NOISE_SETTINGS);
        for (const { bytes, source } of datagrams) {
          harness.deliver(viewOf(bytes), source);
          harness.deliverMedium(viewOf(bytes), source);
        }
        harness.cycle();
        expectInvariants(harness.node.parts);
      }),
      { numRuns: 300 },
    );
  });
});
