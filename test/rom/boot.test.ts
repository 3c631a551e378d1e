/** Does this board still boot? */
import { describe, expect, test } from 'vitest';
import { crc32 } from 'node:zlib';
import { Board } from './board.ts';
import { application, firmware, flashed, image, ONE_APP, partitionTable } from './firmware.ts';
import type { Partition } from './boot.ts';

const SMALL = { size_bytes: 30_000 };

function board(flash: Buffer): Board {
  return new Board({ chip: 'esp32', flash });
}

describe('one application', () => {
  const whole = flashed(firmware('esp32', { ...SMALL, version: '2.3.4' }));

  test('whole, it starts, and says which', () => {
    const report = board(whole).bootReport();
    expect(report).toMatchObject({
      boots: true,
      why: 'ok',
      app: { label: 'factory', offset: 0x10000, version: '2.3.4' },
    });
  });

  test.each([
    ['the boot loader', 0x1000, [0x55], 'boot loader: no image'],
    ['inside the boot loader', 0x3000, [0, 0, 0, 0], 'boot loader: a wrong checksum'],
    ['the partition table', 0x8000, [0xff, 0], 'partition table: partition 0 invalid magic number 0xff'],
    ['inside the partition table', 0x8004, [0x55], 'partition table: its MD5 is wrong'],
    ['the application', 0x10000, [0x55], 'factory: no image'],
    ['inside the application', 0x14000, [0, 0, 0, 0], 'factory: a wrong checksum'],
  ])('something else in %s', (_, address, bytes, why) => {
    const broken = Buffer.from(whole);
    broken.set(bytes, address);
    expect(board(broken).bootReport()).toMatchObject({ boots: false, why });
  });

  test('two bytes that cancel out in the checksum are found by the hash', () => {
    const broken = Buffer.from(whole);
    broken[0x14000] ^= 1;
    broken[0x14001] ^= 1;
    expect(board(broken).bootReport().why).toBe('factory: a wrong hash');
  });

  test('an empty flash, and one for another chip', () => {
    expect(board(Buffer.alloc(0)).boots()).toBe(false);
    const other = flashed(firmware('esp32s2', SMALL));
    expect(board(other).bootReport().why).toBe('boot loader: an image for another chip');
  });

  test('a board that does not boot still takes a flash, for its loader is in ROM', () => {
    expect(board(Buffer.alloc(0)).acceptsFlash()).toBe(true);
  });
});

describe('two slots', () => {
  const table: readonly Partition[] = [
    { label: 'otadata', type: 1, subtype: 0, offset: 0xd000, size_bytes: 0x2000 },
    { label: 'ota_0', type: 0, subtype: 0x10, offset: 0x10000, size_bytes: 0x100000 },
    { label: 'ota_1', type: 0, subtype: 0x11, offset: 0x110000, size_bytes: 0x100000 },
  ];

  function otadata(sequence: number, state = 0xffffffff): Buffer {
    const entry = Buffer.alloc(32, 0xff);
    entry.writeUInt32LE(sequence, 0);
    entry.writeUInt32LE(state, 24);
    entry.writeUInt32LE(crc32(entry.subarray(0, 4), 0xffffffff) >>> 0, 28);
    return entry;
  }

  function flashWith(entries: [address: number, entry: Buffer][]): Buffer {
    const { bootloader } = firmware('esp32c3', SMALL);
    const flash = Buffer.alloc(0x400000, 0xff);
    flash.set(bootloader, 0);
    flash.set(partitionTable(table), 0x8000);
    flash.set(application('esp32c3', { ...SMALL, version: 'first' }), 0x10000);
    flash.set(application('esp32c3', { ...SMALL, version: 'second' }), 0x110000);
    for (const [address, entry] of entries) flash.set(entry, address);
    return flash;
  }

  const starts = (flash: Buffer): string | undefined => new Board({ chip: 'esp32c3', flash }).bootReport().app?.version;

  test('the higher sequence number wins, and an empty one means the first', () => {
    expect(starts(flashWith([]))).toBe('first');
    expect(
      starts(
        flashWith([
          [0xd000, otadata(1)],
          [0xe000, otadata(2)],
        ]),
      ),
    ).toBe('second');
    expect(
      starts(
        flashWith([
          [0xd000, otadata(3)],
          [0xe000, otadata(2)],
        ]),
      ),
    ).toBe('first');
  });

  test('an aborted one is passed over, and so is an application that is broken', () => {
    expect(
      starts(
        flashWith([
          [0xd000, otadata(1)],
          [0xe000, otadata(2, 4)],
        ]),
      ),
    ).toBe('first');
    const broken = flashWith([
      [0xd000, otadata(1)],
      [0xe000, otadata(2)],
    ]);
    broken[0x112000] ^= 1;
    expect(starts(broken)).toBe('first');
  });
});

test('an image without a description has no version', () => {
  const flash = flashed(firmware('esp32', SMALL));
  const plain = image('esp32', Buffer.alloc(1000));
  flash.set(plain, 0x10000);
  expect(board(flash).bootReport().app).toEqual({ label: ONE_APP[1].label, offset: 0x10000, version: undefined });
});
