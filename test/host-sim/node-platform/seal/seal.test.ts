import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSeal } from '../../../../host-sim/node-platform/seal/seal.ts';
import { deriveKeys, sealAuthentic, sealPrivate } from '../../../vectors/reference-seal.ts';
import { closed, fromHex, loadSealVectors, opened, runSealCase, toHex } from '../../../vectors/seal-file.ts';

const file = loadSealVectors();
const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const MODES = [
  ['authentic', false, 16],
  ['private', true, 28],
] as const;

/** A datagram as a node makes it: at least a header, and room for the seal. */
const datagram = fc.uint8Array({ minLength: 18, maxLength: 400 });

describe('seal.json', () => {
  it.each(Object.entries(file.keys))('has the keys that follow from %s', (_, keys) => {
    const { authentic, private: hidden, nonce } = deriveKeys(fromHex(keys.swarm_key));
    expect([authentic, hidden, nonce].map(toHex)).toEqual([keys.authentic, keys.private, keys.nonce]);
  });

  it.each(file.cases.filter(({ kind }) => kind === 'close').map((one) => [one.name, one] as const))(
    'is what the document says: %s',
    (_, { mode, keys, plain = '', salt = '', sealed }) => {
      const swarmKey = fromHex(file.keys[keys[0]].swarm_key);
      const reference =
        mode === 'private'
          ? sealPrivate(swarmKey, fromHex(plain), fromHex(salt))
          : sealAuthentic(swarmKey, fromHex(plain));
      expect(toHex(reference)).toBe(sealed);
    },
  );

  it.each(file.cases.map((one) => [`${one.kind}, ${one.name}`, one] as const))('holds on Node.js: %s', (_, one) => {
    const { is, shall } = runSealCase(file, one, (keys, hidden, salt) =>
      createSeal(keys, { private: hidden, random: (into) => into.set(salt) }),
    );
    expect(is).toBe(shall);
  });
});

describe.each(MODES)('an %s seal', (_, hidden, overhead_bytes) => {
  const seal = createSeal([key(1)], { private: hidden });

  it('gives back any datagram that it closed', () => {
    expect(seal.overhead_bytes).toBe(overhead_bytes);
    fc.assert(
      fc.property(datagram, (plain) => {
        const back = opened(seal, closed(seal, plain));
        expect(back === null ? null : toHex(back)).toBe(toHex(plain));
      }),
      { numRuns: 200 },
    );
  });

  it('refuses a datagram with any one bit changed', () => {
    const bit = fc.nat().chain((at) => datagram.map((plain) => ({ at, plain })));
    fc.assert(
      fc.property(bit, ({ at, plain }) => {
        const sealed = closed(seal, plain);
        const place = at % (sealed.length * 8);
        sealed[place >> 3] ^= 1 << (place & 7);
        expect(opened(seal, sealed)).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it('refuses whatever was not closed with its key', () => {
    const stranger = createSeal([key(2)], { private: hidden });
    fc.assert(
      fc.property(datagram, fc.uint8Array({ minLength: 46, maxLength: 400 }), (plain, noise) => {
        expect(opened(seal, closed(stranger, plain))).toBeNull();
        expect(opened(seal, noise)).toBeNull();
      }),
      { numRuns: 100 },
    );
  });

  it('takes other keys while it runs, and keeps its own when it is given wrong ones', () => {
    const changing = createSeal([key(1)], { private: hidden });
    const plain = new Uint8Array(30).fill(7);
    const before = closed(changing, plain);
    changing.setKeys([key(2), key(1)]);
    const after = closed(changing, plain);
    expect(opened(seal, after)).toBeNull();
    expect(opened(changing, before)).not.toBeNull();
    expect(() => changing.setKeys([new Uint8Array(31)])).toThrow('a swarm key has 32 bytes, not 31');
    changing.setKeys([key(2)]);
    expect(opened(changing, after)).not.toBeNull();
    expect(opened(changing, before)).toBeNull();
  });
});

describe('an authentic seal', () => {
  it('leaves the datagram to be read', () => {
    const plain = Uint8Array.from({ length: 40 }, (_, i) => i);
    expect(toHex(closed(createSeal([key(1)], { private: false }), plain)).startsWith(toHex(plain))).toBe(true);
  });
});

describe('a private seal', () => {
  const plain = Uint8Array.from({ length: 200 }, (_, i) => i & 3);

  it('shows the first six bytes, and nothing that two datagrams have in common', () => {
    const seal = createSeal([key(1)], { private: true });
    const seen = Array.from({ length: 64 }, () => closed(seal, plain));
    for (const one of seen) expect(toHex(one.subarray(0, 6))).toBe(toHex(plain.subarray(0, 6)));
    for (const window of [6, 100, 200, 212]) {
      const there = new Set(seen.map((one) => toHex(one.subarray(window, window + 12))));
      expect(there.size).toBe(seen.length);
    }
  });

  it('never uses a nonce for two datagrams, even when the randomness stands still', () => {
    const stuck = createSeal([key(1)], { private: true, random: (into) => into.fill(0) });
    const nonces = Array.from({ length: 500 }, (_, i) => {
      const next = plain.slice();
      new DataView(next.buffer).setInt32(10, i);
      return toHex(closed(stuck, next).subarray(200, 212));
    });
    expect(new Set(nonces).size).toBe(nonces.length);
  });
});

describe('createSeal', () => {
  it.each([
    [[], 'a swarm has 1 or 2 keys at a time, not 0'],
    [[key(1), key(2), key(3)], 'a swarm has 1 or 2 keys at a time, not 3'],
    [[key(1), new Uint8Array(33)], 'a swarm key has 32 bytes, not 33'],
  ])('says what keys there may be', (keys, message) => {
    expect(() => createSeal(keys, { private: false })).toThrow(new RangeError(message));
  });
});
