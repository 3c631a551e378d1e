/** The parts that need no board: tables, marks and headers in the flash, plans, streams, and what the screen shows. */
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createColours } from '../../../tools/cli/colour.ts';
import { imageChipId, readDescription } from '../../../tools/flash/app-image.ts';
import { compress } from '../../../tools/flash/compress.ts';
import { type FlashEvent, eventsOf } from '../../../tools/flash/events.ts';
import { md5Of } from '../../../tools/flash/md5.ts';
import { findRunning, OTADATA_BYTES } from '../../../tools/flash/ota.ts';
import { type BinaryPartition, readPartitionTable } from '../../../tools/flash/partition-table.ts';
import { padded, planRegion } from '../../../tools/flash/plan.ts';
import { createScreen, progressLine } from '../../../tools/flash/screen.ts';
import { ladder } from '../../../tools/flash/baud.ts';
import { application, ONE_APP, partitionTable } from '../../rom/firmware.ts';
import { keepSurroundings } from '../around.ts';

describe('the partition table', () => {
  const table = partitionTable(ONE_APP);

  test('is read', () => {
    expect(readPartitionTable(table)).toEqual([
      { name: 'nvs', type: 'data', subtype: 'nvs', offset: 0x9000, size: 0x6000, encrypted: false },
      { name: 'factory', type: 'app', subtype: 'factory', offset: 0x10000, size: 0x180000, encrypted: false },
    ]);
  });

  test('whose MD5 is wrong is none', () => {
    const wrong = Buffer.from(table);
    wrong[4] ^= 1;
    expect(readPartitionTable(wrong)).toEqual([]);
  });

  test('that is erased, or noise, is none', () => {
    expect(readPartitionTable(Buffer.alloc(0xc00, 0xff))).toEqual([]);
    expect(readPartitionTable(Buffer.alloc(0xc00, 0x5a))).toEqual([]);
  });
});

describe('which application starts', () => {
  const slot = (subtype: string): BinaryPartition => ({
    name: subtype,
    type: 'app',
    subtype,
    offset: 0,
    size: 0,
    encrypted: false,
  });
  const slots = [slot('ota_1'), slot('ota_0')];

  /** The CRC of number 1 is the one that ESP-IDF's own otadata shows, 0x4743989a; the others are computed as it is. */
  const CRCS: Record<number, number> = { 1: 0x4743989a, 2: 0x55f63774 };

  function otadata(...entries: { at: number; sequence: number; state: number }[]): Buffer {
    const data = Buffer.alloc(OTADATA_BYTES, 0xff);
    for (const { at, sequence, state } of entries) {
      data.writeUInt32LE(sequence, at);
      data.writeUInt32LE(state, at + 24);
      data.writeUInt32LE(CRCS[sequence] ?? 0, at + 28);
    }
    return data;
  }

  const run = (...entries: { at: number; sequence: number; state: number }[]): string => {
    const running = findRunning(slots, otadata(...entries));
    return `${running?.partition.name ?? ''} ${running?.state ?? ''}`.trim();
  };

  test('erased marks mean the first', () => expect(run()).toBe('ota_0'));
  test('one mark', () => expect(run({ at: 0, sequence: 1, state: 2 })).toBe('ota_0 confirmed'));
  test('the higher number', () =>
    expect(run({ at: 0, sequence: 1, state: 2 }, { at: 0x1000, sequence: 2, state: 1 })).toBe('ota_1 on trial'));
  test('one that was given up does not count', () =>
    expect(run({ at: 0, sequence: 1, state: 2 }, { at: 0x1000, sequence: 2, state: 4 })).toBe('ota_0 confirmed'));
  test('one whose CRC is wrong does not count', () =>
    expect(run({ at: 0, sequence: 1, state: 2 }, { at: 0x1000, sequence: 7, state: 2 })).toBe('ota_0 confirmed'));
  test('a table without slots', () => expect(findRunning([], otadata())).toBeUndefined());
});

describe('an image', () => {
  const image = application('esp32c6', { version: '1.0\u001b[31m' });
  test('names its chip', () => expect(imageChipId(image)).toBe(13));
  test('is told from what is none', () => expect(imageChipId(Buffer.alloc(100))).toBe(-1));
  test('says what it is, and nothing that a terminal obeys', () =>
    expect(readDescription(image)).toMatchObject({ project: 'model', version: '1.0?[31m' }));
});

describe('a plan', () => {
  const flashOf = (bytes: Uint8Array) => (address: number, length: number) =>
    Promise.resolve(md5Of(bytes.subarray(address, address + length)));

  test('writes what differs and no more, wherever that is', async () => {
    const changes = fc.uniqueArray(fc.integer({ min: 0, max: 299_999 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(changes, fc.boolean(), async (places, erased) => {
        const data = new Uint8Array(300_000).map((_, i) => (i * 7) & 0xff);
        const flash = new Uint8Array(0x80000).fill(0xff);
        if (!erased) flash.set(data, 0x11000);
        for (const at of places) flash[0x11000 + at] ^= 0x80;
        const plan = await planRegion({ name: 'x', address: 0x11000, data }, flashOf(flash));
        for (const run of plan.runs) flash.set(run.data, run.address);
        expect(Buffer.compare(flash.subarray(0x11000, 0x11000 + data.length), data)).toBe(0);
        const blocks = new Set(places.map((at) => Math.floor((0x11000 + at) / 0x10000)));
        expect(plan.changed).toBe(erased ? plan.blocks : blocks.size);
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    ['on a new board the first sector alone', 0, 0xff, [0x1000]],
    ['where all is there that, and all of it', 300_000, 0, [0x1000, 300_000]],
    ['where the first sector differs each other block', 10, 0, [0x1000, 0x10000, 0x10000, 0x10000, 300_000 - 0x3f000]],
  ])('asks %s', async (_, same_bytes, filling, asked) => {
    const data = new Uint8Array(300_000).map((_byte, i) => (i * 7) & 0xff);
    const flash = new Uint8Array(0x80000).fill(filling);
    flash.set(data.subarray(0, same_bytes), 0x11000);
    const lengths: number[] = [];
    await planRegion({ name: 'x', address: 0x11000, data }, (address, length) => {
      lengths.push(length);
      return flashOf(flash)(address, length);
    });
    expect(lengths).toEqual(asked);
  });

  test('fills up words as erased', () =>
    expect([...padded(Uint8Array.of(1, 2, 3, 4, 5))]).toEqual([1, 2, 3, 4, 5, 255, 255, 255]));
});

test('a stream unpacks to what it was, and says how far each block gets', () => {
  const data = new Uint8Array(200_000).map((_, i) => (i * i) & 0xff);
  const { blocks, packed_bytes } = compress(data, 0x400);
  const packed = Buffer.concat(blocks.map((block) => block.data));
  expect(packed.length).toBe(packed_bytes);
  expect(Buffer.compare(inflateSync(packed), data)).toBe(0);
  expect(blocks.at(-1)?.unpacked_bytes).toBe(data.length);
  const steps = blocks.map(({ unpacked_bytes }) => unpacked_bytes);
  expect([...steps].sort((a, b) => a - b)).toEqual(steps);
});

test.each([
  [921_600, [921_600, 460_800, 230_400, 115_200]],
  [2_000_000, [2_000_000, 921_600, 460_800, 230_400, 115_200]],
  [115_200, [115_200]],
  [57_600, [57_600]],
])('rates to try after %i', (wanted, rates) => expect(ladder(wanted)).toEqual(rates));

describe('the screen', () => {
  const event = {
    type: 'progress',
    step: 'write application',
    done_bytes: 430_000,
    total_bytes: 1_000_000,
    all_done_bytes: 430_000,
    all_total_bytes: 1_100_000,
    bytes_per_s: 148_400,
    left_s: 5,
  } as const;
  const plain = createColours(false);

  test.each([
    [100, / ━+─+ {2}43 % \(all: 39 %\) {2}148 KB\/s, 5 s left$/],
    [50, /^write application {2}43 % {2}148 KB\/s, 5 s left$/],
    [40, /^write application {2}43 %, 5 s left$/],
    [20, /^write application {2}43 %$/],
  ])('%i columns', (columns, shape) => {
    const line = progressLine(event, columns, plain);
    expect(line.replaceAll(/ +/g, (spaces) => (spaces.length > 2 ? '  ' : spaces))).toMatch(shape);
    if (columns >= 40) expect(line.length).toBeLessThan(columns);
  });

  test('without a terminal: no line that moves, nothing that erases', async () => {
    const kept = keepSurroundings();
    const screen = createScreen(kept, false, true);
    await screen.show('COM3', { type: 'step:start', step: 'write application' });
    await screen.show('COM3', event);
    await screen.show('COM3', { type: 'step:done', step: 'write application', detail: 'verified' });
    screen.end();
    expect(kept.err()).toBe('COM3  ✓ write application  verified\n');
  });

  test('at a terminal: a line that moves for each port, and none is left', async () => {
    const kept = keepSurroundings({ TERM: 'xterm', NO_COLOR: '1' });
    Object.assign(kept.stderr, { isTTY: true, columns: 100, rows: 24 });
    const screen = createScreen(kept, false, true);
    await screen.show('COM3', event);
    await screen.show('COM4', { ...event, done_bytes: 0 });
    expect(kept.err()).toMatch(/COM3 .*43 %[^]*COM4 .* 0 %/);
    screen.close('COM3');
    screen.close('COM4');
    screen.end();
    // The cursor is never hidden, so nothing has to bring it back.
    expect(kept.err()).not.toContain('\u001b[?25l');
  });
});

test('events come in the order in which they were told, and a failure after them', async () => {
  const events = eventsOf(async (emit) => {
    emit({ type: 'info', text: 'a' });
    await Promise.resolve();
    emit({ type: 'info', text: 'b' });
    throw new Error('end');
  });
  const seen: FlashEvent[] = [];
  await expect(
    (async () => {
      for await (const event of events) seen.push(event);
    })(),
  ).rejects.toThrow('end');
  expect(seen).toEqual([
    { type: 'info', text: 'a' },
    { type: 'info', text: 'b' },
  ]);
});
