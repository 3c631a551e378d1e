/**
 * A run as the loader takes it: a zlib stream cut into blocks, each with what it unpacks to. Packed by pako, which is
 * zlib as esptool has it: Node.js brings Chromium's, which hashes otherwise for speed and packs machine code 0.3 % to
 * 3 % worse, and here the line is what is slow.
 */
import { constants, inflateSync } from 'node:zlib';
import { deflate } from 'pako';

export interface Block {
  data: Uint8Array;
  /** What the device has written once it has this block and all before. */
  unpacked_bytes: number;
}

export interface Stream {
  blocks: Block[];
  packed_bytes: number;
}

/** How many symbols share a table. esptool takes 8; other code packs better with fewer or more, up to 0.4 %. */
const MEMORY_LEVELS = [8, 7, 9] as const;
/** Enough to tell which of them suits the code. */
const SAMPLE_BYTES = 0x20000;
/** How finely it is told what a block unpacks to: unpacking again and again what comes before costs time. */
const STEP_BYTES = 0x4000;

function best<Level>(levels: readonly Level[], packedAt: (level: Level) => Uint8Array): [Level, Uint8Array] {
  const tries = levels.map((level): [Level, Uint8Array] => [level, packedAt(level)]);
  return tries.reduce((least, one) => (one[1].length < least[1].length ? one : least));
}

/** Never more than with esptool's level: the sample may be unlike the rest. */
function pack(data: Uint8Array): Uint8Array {
  const packedAt =
    (bytes: Uint8Array) =>
    (memLevel: (typeof MEMORY_LEVELS)[number]): Uint8Array =>
      deflate(bytes, { level: 9, memLevel });
  if (data.length <= SAMPLE_BYTES) return best(MEMORY_LEVELS, packedAt(data))[1];
  const [suits] = best(MEMORY_LEVELS, packedAt(data.subarray(0, SAMPLE_BYTES)));
  const [esptools] = MEMORY_LEVELS;
  return best(suits === esptools ? [esptools] : [esptools, suits], packedAt(data))[1];
}

function unpackedBytes(packed: Uint8Array, end: number, total: number): number {
  if (end >= packed.length) return total;
  return inflateSync(packed.subarray(0, end), { finishFlush: constants.Z_SYNC_FLUSH }).length;
}

export function compress(data: Uint8Array, block_bytes: number): Stream {
  const packed = pack(data);
  const blocks: Block[] = [];
  let unpacked_bytes = 0;
  let known = 0;
  for (let at = 0; at < packed.length; at += block_bytes) {
    const end = Math.min(packed.length, at + block_bytes);
    if (end > known) {
      known = Math.min(packed.length, Math.max(end, known + STEP_BYTES));
      unpacked_bytes = unpackedBytes(packed, known, data.length);
    }
    blocks.push({ data: packed.subarray(at, end), unpacked_bytes });
  }
  return { blocks, packed_bytes: packed.length };
}
