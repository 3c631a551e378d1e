import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Hmac } from '../../../../firmware/device/seal/hmac.ts';
import { createSeal as createDeviceSeal } from '../../../../firmware/device/seal/seal.ts';
import type { SealPort } from '../../../../firmware/node.ts';
import { createSeal } from '../../../../host-sim/node-platform/seal/seal.ts';
import { closed, fromHex, loadSealVectors, opened, runSealCase, toHex } from '../../../vectors/seal-file.ts';
import { nodeCrypt } from './node-crypt.ts';

const file = loadSealVectors();

function onDevice(keys: ArrayBuffer[], hidden: boolean, random: () => number = () => 0): SealPort {
  return createDeviceSeal({ settings: { keys, private: hidden }, crypt: nodeCrypt, random });
}

/** Gives the salt's words as a chip would that has the same byte order as this computer. */
function wordsOf(salt: Uint8Array): () => number {
  const words = new Int32Array(salt.slice().buffer);
  let at = 0;
  return () => words[at++];
}

describe('the seal of a device', () => {
  it.each(file.cases.map((one) => [`${one.kind}, ${one.name}`, one] as const))('holds to seal.json: %s', (_, one) => {
    const { is, shall } = runSealCase(file, one, (keys, hidden, salt) =>
      onDevice(
        keys.map((key) => key.buffer),
        hidden,
        wordsOf(salt),
      ),
    );
    expect(is).toBe(shall);
  });

  it.each([
    ['authentic', false],
    ['private', true],
  ])('and that of Node.js open what the other closed (%s)', (_, hidden) => {
    const datagram = fc.uint8Array({ minLength: 18, maxLength: 300 });
    const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(datagram, key, fc.integer(), (plain, swarmKey, word) => {
        const device = onDevice([Uint8Array.from(swarmKey).buffer], hidden, () => word);
        const node = createSeal([swarmKey], { private: hidden });
        expect(device.overhead_bytes).toBe(node.overhead_bytes);
        const there = opened(node, closed(device, plain));
        const back = opened(device, closed(node, plain));
        expect([there, back].map((one) => one !== null && toHex(one))).toEqual([toHex(plain), toHex(plain)]);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps no datagram for the next one', () => {
    const key = fromHex(file.keys.first.swarm_key).buffer;
    const seal = onDevice([key], true, () => 5);
    const long = closed(seal, new Uint8Array(300).fill(1));
    const short = closed(seal, new Uint8Array(20).fill(2));
    expect(toHex(opened(seal, short) ?? new Uint8Array())).toBe('02'.repeat(20));
    expect(toHex(opened(seal, long) ?? new Uint8Array())).toBe('01'.repeat(300));
    expect(toHex(closed(seal, new Uint8Array(20).fill(2)))).toBe(toHex(short));
  });
});

/** RFC 4231: keys up to 64 bytes, as long as the derived ones need to be. */
describe('Hmac', () => {
  it.each([
    [
      '0b'.repeat(20),
      Buffer.from('Hi There').toString('hex'),
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    ],
    [
      Buffer.from('Jefe').toString('hex'),
      Buffer.from('what do ya want for nothing?').toString('hex'),
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    ['aa'.repeat(20), 'dd'.repeat(50), '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe'],
    [
      '0102030405060708090a0b0c0d0e0f10111213141516171819',
      'cd'.repeat(50),
      '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
    ],
  ])('gives what RFC 4231 says (%s)', (key, message, digest) => {
    const mac = new Hmac(new nodeCrypt.Digest('SHA256'), fromHex(key).buffer);
    for (let times = 0; times < 2; times++) {
      mac.begin();
      mac.write(fromHex(message));
      expect(toHex(new Uint8Array(mac.end()))).toBe(digest);
    }
  });
});
