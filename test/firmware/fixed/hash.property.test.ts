import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32, hashText, mix32, popcount } from '../../../firmware/fixed/hash.ts';

const word = fc.oneof(
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.constantFrom(0, -1, 1, -(2 ** 31), 2 ** 31 - 1, 0x55555555, -0x55555556),
);

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

describe('crc32', () => {
  const published: [string, number][] = [
    ['', 0],
    ['a', 0xe8b7be43],
    ['abc', 0x352441c2],
    ['123456789', 0xcbf43926],
    ['The quick brown fox jumps over the lazy dog', 0x414fa339],
  ];

  it.each(published)('of "%s" is the published one', (text, expected) => {
    const bytes = Uint8Array.from(Buffer.from(text));
    expect(crc32(viewOf(bytes), 0, bytes.length) >>> 0).toBe(expected);
  });

  it('is that of zlib over any stretch', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), fc.nat(300), (bytes, one, other) => {
        const start = Math.min(one, other, bytes.length);
        const end = Math.min(Math.max(one, other), bytes.length);
        expect(crc32(viewOf(bytes), start, end) >>> 0).toBe(zlibCrc32(bytes.subarray(start, end)));
      }),
    );
  });

  it('changes with every single bit', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(bytes, fc.nat(99), fc.nat(7), (given, place, bit) => {
        const changed = Uint8Array.from(given);
        changed[place % given.length] ^= 1 << bit;
        expect(crc32(viewOf(changed), 0, given.length)).not.toBe(crc32(viewOf(given), 0, given.length));
      }),
    );
  });
});

describe('popcount', () => {
  it('counts the ones of the binary digits', () => {
    fc.assert(
      fc.property(word, (bits) => {
        expect(popcount(bits)).toBe((bits >>> 0).toString(2).replaceAll('0', '').length);
      }),
    );
  });
});

describe('hashText', () => {
  it('is FNV-1a where the text is ASCII spread to 16 bits and the seed is 0', () => {
    // The published FNV-1a of no bytes, and of the bytes "a", 0.
    expect(hashText('', 0) >>> 0).toBe(0x811c9dc5);
    expect(hashText('a', 0) >>> 0).toBe(fnv1a(Uint8Array.of(0x61, 0)));
  });

  it('is FNV-1a over the UTF-16 code units, low byte first', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        expect(hashText(text, 0) >>> 0).toBe(fnv1a(Buffer.from(text, 'utf16le')));
      }),
    );
  });
});

function fnv1a(bytes: Uint8Array): number {
  let h = 0x811c9dc5n;
  for (const byte of bytes) h = ((h ^ BigInt(byte)) * 0x01000193n) & 0xffffffffn;
  return Number(h);
}

describe('mix32', () => {
  it('is the finaliser of MurmurHash3', () => {
    const reference = (input: number): number => {
      let h = BigInt(input >>> 0);
      h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & 0xffffffffn;
      h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & 0xffffffffn;
      return Number(h ^ (h >> 16n));
    };
    fc.assert(
      fc.property(word, (input) => {
        expect(mix32(input) >>> 0).toBe(reference(input));
      }),
    );
    // Appleby's fmix32(1), as many ports of MurmurHash3 list it.
    expect(mix32(1) >>> 0).toBe(0x514e28b7);
  });

  it('tells all words apart', () => {
    fc.assert(fc.property(word, word, (one, other) => (one | 0) === (other | 0) || mix32(one) !== mix32(other)));
  });
});
