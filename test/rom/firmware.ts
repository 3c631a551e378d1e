/** Images that the model boots: a boot loader, a partition table and an application, whole as the real ones are. */
import { createHash } from 'node:crypto';
import { CHIPS } from './chips.ts';
import type { ChipName } from './chips.ts';
import type { Partition } from './boot.ts';
import { randomFrom } from './random.ts';

const SEGMENT_ADDRESS = 0x3f400020;
const CHECKSUM_SEED = 0xef;

/** Like machine code to a compressor: words that come again, with noise between; some 63 % of it remain. */
export function codeLike(size_bytes: number, seed: number): Buffer {
  const random = randomFrom(seed);
  const words = Array.from({ length: 256 }, () => Math.floor(random() * 2 ** 32));
  const code = Buffer.alloc(Math.ceil(size_bytes / 4) * 4);
  for (let at = 0; at < code.length; at += 4) {
    const known = random() < 0.72;
    code.writeUInt32LE(known ? words[Math.floor(random() * words.length)] : Math.floor(random() * 2 ** 32), at);
  }
  return code.subarray(0, size_bytes);
}

/** @param body one segment's data; its length a multiple of 4 */
export function image(chip: ChipName, body: Buffer): Buffer {
  const head = Buffer.alloc(24);
  head.set([0xe9, 1, 2, 0x20]);
  head.writeUInt32LE(0x40080000, 4);
  head.writeUInt16LE(CHIPS[chip].imageChipId, 12);
  head[23] = 1;
  const segment = Buffer.alloc(8);
  segment.writeUInt32LE(SEGMENT_ADDRESS, 0);
  segment.writeUInt32LE(body.length, 4);
  const unpadded = head.length + segment.length + body.length;
  const padded = Buffer.alloc(((unpadded + 16) & ~15) - unpadded);
  padded[padded.length - 1] = body.reduce((sum, byte) => sum ^ byte, CHECKSUM_SEED);
  const whole = Buffer.concat([head, segment, body, padded]);
  return Buffer.concat([whole, createHash('sha256').update(whole).digest()]);
}

/** An application with ESP-IDF's description, so that it has a name and a version. `size_bytes` is about its length. */
export function application(chip: ChipName, { size_bytes = 200_000, version = '1.0.0', seed = 7 } = {}): Buffer {
  const body = codeLike((size_bytes - 80) & ~3, seed);
  body.fill(0, 0, 256);
  body.writeUInt32LE(0xabcd5432, 0);
  body.write(version, 16, 32, 'utf8');
  body.write('model', 48, 32, 'utf8');
  return image(chip, body);
}

/** @returns 0xc00 bytes with the MD5 that ESP-IDF's tool adds */
export function partitionTable(partitions: readonly Partition[]): Buffer {
  const table = Buffer.alloc(0xc00, 0xff);
  partitions.forEach(({ label, type, subtype, offset, size_bytes }, i) => {
    const entry = table.subarray(i * 32, i * 32 + 32);
    entry.fill(0);
    entry.set([0xaa, 0x50, type, subtype]);
    entry.writeUInt32LE(offset, 4);
    entry.writeUInt32LE(size_bytes, 8);
    entry.write(label, 12, 16, 'utf8');
  });
  const end = partitions.length * 32;
  table.set([0xeb, 0xeb], end);
  table.set(createHash('md5').update(table.subarray(0, end)).digest(), end + 16);
  return table;
}

export const ONE_APP: readonly Partition[] = [
  { label: 'nvs', type: 1, subtype: 2, offset: 0x9000, size_bytes: 0x6000 },
  { label: 'factory', type: 0, subtype: 0, offset: 0x10000, size_bytes: 0x180000 },
];

export interface Firmware {
  bootloader: Buffer;
  table: Buffer;
  app: Buffer;
  /** Where each goes, as in `flasher_args.json`. */
  regions: readonly { address: number; data: Buffer }[];
}

export function firmware(
  chip: ChipName,
  options: { size_bytes?: number; version?: string; seed?: number } = {},
): Firmware {
  const bootloader = image(chip, codeLike(20_000, 3));
  const table = partitionTable(ONE_APP);
  const app = application(chip, options);
  const regions = [
    { address: CHIPS[chip].bootloaderOffset, data: bootloader },
    { address: 0x8000, data: table },
    { address: 0x10000, data: app },
  ];
  return { bootloader, table, app, regions };
}

/** The flash as it is after a flash of it all. */
export function flashed({ regions }: Firmware, size_bytes = 0x400000): Buffer {
  const flash = Buffer.alloc(size_bytes, 0xff);
  for (const { address, data } of regions) flash.set(data, address);
  return flash;
}
