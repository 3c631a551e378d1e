/**
 * A run as the loader takes it: a zlib stream cut into blocks, each with what it unpacks to. Packed by pako, which is
 * zlib as esptool has it: Node.js brings Chromium's, which hashes otherwise for speed and packs machine code 0.3 % to
 * 3 % worse, and here the line is what is slow.
 */
import { constants, deflate, Inflate } from 'pako';
import { CUT_STEP_BYTES, cutForStub } from './cut.ts';

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

/** What the stream has unpacked to after each step of it. */
function unpackedAfter(packed: Uint8Array, step_bytes: number): number[] {
  const inflate = new Inflate({ chunkSize: 0x2000 });
  let unpacked_bytes = 0;
  inflate.onData = (chunk) => (unpacked_bytes += (chunk as Uint8Array).length);
  const after: number[] = [];
  for (let at = 0; at < packed.length; at += step_bytes) {
    inflate.push(packed.subarray(at, at + step_bytes), constants.Z_SYNC_FLUSH);
    after.push(unpacked_bytes);
  }
  return after;
}

/** Where the stub unpacks it to, and how fast the line is. */
export interface ForStub {
  address: number;
  baud: number;
}

/**
 * @param block_bytes what a block may carry, a multiple of 1,024
 * @param forStub where the blocks are cut for the stub's speed; else each is as large as may be, as the ROM wants them
 */
export function compress(data: Uint8Array, block_bytes: number, forStub?: ForStub): Stream {
  const packed = pack(data);
  const packed_bytes = packed.length;
  const unpacked = unpackedAfter(packed, CUT_STEP_BYTES);
  const ends =
    forStub === undefined
      ? Array.from({ length: Math.ceil(packed_bytes / block_bytes) }, (_, i) =>
          Math.min(packed_bytes, (i + 1) * block_bytes),
        )
      : cutForStub({ unpacked_bytes: unpacked, packed_bytes, block_bytes, ...forStub });
  const blocks = ends.map((end, i) => ({
    data: packed.subarray(i === 0 ? 0 : ends[i - 1], end),
    unpacked_bytes: unpacked[Math.ceil(end / CUT_STEP_BYTES) - 1],
  }));
  return { blocks, packed_bytes };
}
