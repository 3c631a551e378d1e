import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { int32Data, type NvsContents, type NvsEntry, textData } from '../../../tools/provision/nvs/contents.ts';
import { decodeNvs, NvsFormatError } from '../../../tools/provision/nvs/decode.ts';
import { encodeNvs } from '../../../tools/provision/nvs/encode.ts';
import { NvsFullError } from '../../../tools/provision/nvs/page-writer.ts';
import { loadNvsVector } from '../../vectors/nvs/load.ts';
import { NvsDevice } from './nvs-device.ts';

function contents(entries: NvsEntry[], last_sequence = -1): NvsContents {
  return { namespaces: new Map(), entries, last_sequence, damaged: [] };
}

const text = (key: string, value: string, namespace = 'lvs'): NvsEntry => ({
  namespace,
  key,
  type: 'string',
  data: textData(value),
});
const number = (key: string, value: number): NvsEntry => ({
  namespace: 'lvs',
  key,
  type: 'i32',
  data: int32Data(value),
});

const KEY = Uint8Array.from({ length: 32 }, (_, i) => i);

/** What each vector holds, and its size. */
const VECTORS: [string, number, NvsEntry[]][] = [
  ['network', 0x3000, [text('wifi_ssid', 'office')]],
  [
    'kinds',
    0x3000,
    [
      text('swarm', 'attic'),
      text('time_server', ''),
      text('key0', '{"name":"room1/temp","source":{"kind":"synthetic"}}'),
      number('cycle_ms', 500),
      { namespace: 'lvs', key: 'private', type: 'u8', data: Uint8Array.of(1) },
      number('alpha', 65536),
      { namespace: 'lvs', key: 'swarm_key', type: 'blob', data: KEY },
    ],
  ],
  ['two-pages', 0x4000, [text('key0', 'a'.repeat(3583)), text('key1', 'b'.repeat(415))]],
  [
    'long-blob',
    0x4000,
    [{ namespace: 'lvs-state', key: 'slot0', type: 'blob', data: new Uint8Array(4100).fill(0x5a) }],
  ],
];

describe('partitions put together by hand', () => {
  it.each(VECTORS)('%s is written to the byte', (name, size_bytes, entries) => {
    expect(Buffer.from(encodeNvs(contents(entries), size_bytes)).equals(loadNvsVector(name))).toBe(true);
  });

  it.each(VECTORS)('%s is read', (name, _size, entries) => {
    const { entries: read, damaged } = decodeNvs(loadNvsVector(name));
    expect(read).toEqual(entries);
    expect(damaged).toEqual([]);
  });

  it.each(VECTORS.slice(0, 3))('%s is read by the model of a device', (name, _size, entries) => {
    const device = new NvsDevice(loadNvsVector(name));
    for (const { namespace, key, type, data } of entries) {
      const value = device.preference(namespace, key);
      if (type === 'u8') expect(value).toBe(data[0] !== 0);
      else if (type === 'i32') expect(value).toBe(Buffer.from(data).readInt32LE());
      else if (type === 'string') expect(`${String(value)}\0`).toBe(Buffer.from(data).toString());
      else expect(value).toEqual(Buffer.from(data));
    }
  });
});

describe('what a running board left', () => {
  it('is read in the order of the pages, without what was erased, replaced, damaged or cut off', () => {
    const { entries, namespaces, last_sequence, damaged } = decodeNvs(loadNvsVector('used'));
    const short = entries.map(({ namespace, key, type, data }) => [
      namespace,
      key,
      type,
      Buffer.from(data).toString('latin1'),
    ]);
    expect(short).toEqual([
      ['lvs', 'wifi_ssid', 'string', 'attic\0'],
      ['phy', 'cal_version', 'u16', '\x34\x12'],
      ['phy', 'cal_mac', 'blob', '\x01\x02\x03\x04\x05\x06'],
      ['lvs-state', 'count', 'i32', '\xf9\xff\xff\xff'],
      ['lvs-state', 'slot0', 'blob', 'NEW'],
      ['lvs', 'cycle_ms', 'i32', '\xee\x02\x00\x00'],
    ]);
    expect([...namespaces]).toEqual([
      ['lvs', 1],
      ['lvs-state', 2],
      ['phy', 3],
    ]);
    expect(last_sequence).toBe(9);
    expect(damaged).toEqual(['page 0 has 2 entries that are not whole', 'page 1 has no valid header']);
  });

  it('has the newer of two values where the power went in between', () => {
    const { entries } = decodeNvs(loadNvsVector('replacing'));
    expect(entries.map((entry) => [entry.key, Buffer.from(entry.data).toString('latin1')])).toEqual([
      ['cycle_ms', '\xf4\x01\x00\x00'],
      ['wifi_ssid', 'attic\0'],
    ]);
  });

  it('is read from the page that was being moved when the power went', () => {
    const { entries, damaged } = decodeNvs(loadNvsVector('moving'));
    expect(entries.map(({ key }) => key)).toEqual(['swarm', 'cycle_ms']);
    expect(damaged).toEqual([]);
  });

  it('keeps its namespaces and sequence when it is written again', () => {
    const used = decodeNvs(loadNvsVector('used'));
    const again = decodeNvs(encodeNvs(used, 0x6000));
    expect(again).toEqual({ ...used, last_sequence: 10, damaged: [] });
  });

  it('loses its newest value, and no other, to a wrong bit in it', () => {
    const image = loadNvsVector('network');
    image[0x80] ^= 1;
    expect(decodeNvs(image)).toMatchObject({ entries: [], damaged: ['page 0 has an entry that is not whole'] });
  });
});

describe('decodeNvs refuses', () => {
  it.each([0, 100, 4095, 4096, 8192])('%i bytes', (size) => {
    expect(() => decodeNvs(new Uint8Array(size).fill(0xff))).toThrow(NvsFormatError);
  });

  it('a newer version of the format', () => {
    const image = encodeNvs(contents([text('a', 'b')]), 0x3000);
    image[8] = 0xfd;
    new DataView(image.buffer).setUint32(28, crc32(image.subarray(4, 28), 0xffffffff), true);
    expect(() => decodeNvs(image)).toThrow('newer version of NVS');
  });
});

describe('encodeNvs', () => {
  it('leaves a page free, and says when there is too much', () => {
    const page = text('a', 'x'.repeat(3990));
    expect(() => encodeNvs(contents([page, { ...page, key: 'b' }, { ...page, key: 'c' }]), 0x3000)).toThrow(
      NvsFullError,
    );
    expect(() => encodeNvs(contents([text('a', 'x'.repeat(4001))]), 0x4000)).toThrow(NvsFullError);
  });

  it('begins sequence numbers again before they would run over', () => {
    expect(decodeNvs(encodeNvs(contents([number('a', 1)], 0xffffffff), 0x3000)).last_sequence).toBe(0);
  });
});

/** Any contents: each key of a namespace once. */
const anyEntry = fc
  .tuple(fc.constantFrom('lvs', 'phy', 'nvs.net80211', 'lvs-state'), fc.stringMatching(/^[a-z0-9_.]{1,15}$/))
  .chain(([namespace, key]) =>
    fc.oneof(
      fc.string({ maxLength: 300, unit: 'grapheme' }).map((value) => text(key, value.replaceAll('\0', ''), namespace)),
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((value) => ({ ...number(key, value), namespace })),
      fc.boolean().map((value): NvsEntry => ({ namespace, key, type: 'u8', data: Uint8Array.of(value ? 1 : 0) })),
      fc.uint8Array({ maxLength: 5000 }).map((data): NvsEntry => ({ namespace, key, type: 'blob', data })),
      fc.bigInt(0n, 2n ** 64n - 1n).map((value): NvsEntry => {
        const data = Buffer.alloc(8);
        data.writeBigUInt64LE(value);
        return { namespace, key, type: 'u64', data: new Uint8Array(data) };
      }),
    ),
  );

const anyContents = fc
  .uniqueArray(anyEntry, { maxLength: 40, selector: ({ namespace, key }) => `${namespace}/${key}` })
  .map((entries) => contents(entries));

describe('any contents', () => {
  it('come back as they were, and a device reads them too', () => {
    fc.assert(
      fc.property(anyContents, (one) => {
        const image = encodeNvs(one, 0x40000);
        expect(decodeNvs(image).entries).toEqual(one.entries);
        const device = new NvsDevice(image);
        expect(device.names()).toEqual(one.entries.map(({ namespace, key }) => `${namespace}/${key}`).sort());
      }),
      { numRuns: 100 },
    );
  });

  it('damaged anywhere, are read as far as they are whole', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(anyContents, damage, (one, bytes) => {
        const image = encodeNvs(one, 0x10000 * 4);
        for (const [at, value] of bytes) image[at % image.length] = value;
        const known = new Map(one.entries.map((entry) => [`${entry.namespace}/${entry.key}/${entry.type}`, entry]));
        try {
          for (const entry of decodeNvs(image).entries) {
            expect(known.get(`${entry.namespace}/${entry.key}/${entry.type}`)?.data).toEqual(entry.data);
          }
        } catch (error) {
          if (!(error instanceof NvsFormatError)) throw error;
        }
      }),
      { numRuns: 150 },
    );
  });

  it('made of chance, are no partition or an empty one, and never a surprise', () => {
    const pages = fc.array(fc.uint8Array({ minLength: 64, maxLength: 64 }), { minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(pages, fc.constantFrom(0xfe, 0xfc, 0xf8, 0xff), (heads, state) => {
        const image = new Uint8Array(heads.length * 4096);
        for (let i = 0; i < image.length; i++) image[i] = heads[i >> 12][i & 63];
        heads.forEach((_, page) => image.set([state, 0xff, 0xff, 0xff], page * 4096));
        expect(decodeNvs(image).entries).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a board that ran', () => {
  it('has the same values in the model of a device and here, over many writes', () => {
    const write = fc.tuple(
      fc.constantFrom('lvs', 'phy', 'lvs-state'),
      fc.nat(8),
      fc.nat(2),
      fc.integer({ min: -1000, max: 1000 }),
    );
    fc.assert(
      fc.property(fc.array(write, { maxLength: 120 }), (writes) => {
        const device = new NvsDevice(new Uint8Array(0x20000).fill(0xff));
        for (const [namespace, n, kind, value] of writes) {
          if (kind === 0) device.setNumber(namespace, `k${n}`, 0x14, value);
          else if (kind === 1) device.setString(namespace, `k${n}`, 'x'.repeat(Math.abs(value)));
          else device.setBlob(namespace, `k${n}`, Buffer.alloc(Math.abs(value), value & 0xff));
        }
        const read = decodeNvs(device.flash);
        expect(read.entries.map(({ namespace, key }) => `${namespace}/${key}`).sort()).toEqual(device.names());
        const rewritten = new NvsDevice(encodeNvs(read, 0x20000));
        for (const { namespace, key } of read.entries) {
          expect(rewritten.preference(namespace, key)).toEqual(device.preference(namespace, key));
        }
      }),
      { numRuns: 40 },
    );
  });
});
