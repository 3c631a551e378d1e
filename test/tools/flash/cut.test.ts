/** Where a stream is cut for the stub: the blocks are held against the model's flash, which erases and writes in its own time. */
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compress, type Stream } from '../../../tools/flash/compress.ts';
import { codeLike } from '../../rom/firmware.ts';
import { FlashChip, SECTOR_BYTES } from '../../rom/flash-chip.ts';

const BLOCK_BYTES = 0x4000;
const MORE_BLOCKS_MAX = 12;

/** When the last byte is in the flash, with a stub that answers a block, and then erases and writes it. */
function done_us({ blocks }: Stream, data: Uint8Array, address: number, baud: number): number {
  const flash = new FlashChip(0x400000);
  const end = Math.ceil((address + data.length) / SECTOR_BYTES) * SECTOR_BYTES;
  let erased = address - (address % SECTOR_BYTES);
  let [answered_us, free_us, from] = [0, 0, 0];
  for (const block of blocks) {
    answered_us = Math.max(answered_us + (block.data.length * 10e6) / baud, free_us);
    free_us = answered_us;
    while (erased < address + block.unpacked_bytes) {
      const done = flash.eraseNext(erased, end - erased, free_us);
      erased += done.size_bytes;
      free_us = done.end_us;
    }
    free_us = flash.program(address + from, data.subarray(from, block.unpacked_bytes), free_us);
    from = block.unpacked_bytes;
  }
  return free_us;
}

describe('a stream for the stub', () => {
  test('is whole, in blocks that the stub takes, and is never in the flash later than in the fewest blocks', () => {
    const cases = fc.record({
      size_bytes: fc.integer({ min: 1, max: 25_000 }).map((words) => words * 4),
      sector: fc.integer({ min: 0, max: 32 }),
      baud: fc.constantFrom(115_200, 460_800, 921_600, 2_000_000),
      block_bytes: fc.constantFrom(0x800, BLOCK_BYTES),
      seed: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(cases, ({ size_bytes, sector, baud, block_bytes, seed }) => {
        const data = codeLike(size_bytes, seed);
        const address = sector * SECTOR_BYTES;
        const cut = compress(data, block_bytes, { address, baud });
        const fewest = compress(data, block_bytes);
        const packed = Buffer.concat(cut.blocks.map((block) => block.data));
        expect(packed.equals(Buffer.concat(fewest.blocks.map((block) => block.data)))).toBe(true);
        expect(Buffer.compare(inflateSync(packed), data)).toBe(0);
        expect(Math.max(...cut.blocks.map((block) => block.data.length))).toBeLessThanOrEqual(block_bytes);
        expect(cut.blocks.every((block) => block.data.length > 0)).toBe(true);
        expect(cut.blocks.length).toBeLessThanOrEqual(fewest.blocks.length + MORE_BLOCKS_MAX);
        // A page that two blocks share is written in two goes.
        const pages_us = cut.blocks.length * 400;
        expect(done_us(cut, data, address, baud)).toBeLessThanOrEqual(done_us(fewest, data, address, baud) + pages_us);
      }),
      { numRuns: 25 },
    );
  });

  test.each([
    [921_600, 250_000],
    [115_200, 150_000],
  ])('of 1.2 MB at %i baud is in the flash %i us earlier', (baud, least_us) => {
    const data = codeLike(1_200_000, 1);
    const done = (stream: Stream): number => done_us(stream, data, 0x10000, baud);
    const cut = compress(data, BLOCK_BYTES, { address: 0x10000, baud });
    expect(done(compress(data, BLOCK_BYTES)) - done(cut)).toBeGreaterThan(least_us);
  });

  test('takes no more blocks than it must where the wire is what is slow', () => {
    const data = codeLike(400_000, 2);
    const fewest = compress(data, BLOCK_BYTES).blocks.length;
    const { blocks } = compress(data, BLOCK_BYTES, { address: 0x10000, baud: 115_200 });
    expect(blocks.length).toBeLessThanOrEqual(fewest + 1);
  });
});

test('what a block unpacks to is told to the byte, whatever the blocks', () => {
  const data = codeLike(100_000, 3);
  for (const stream of [compress(data, 0x400), compress(data, BLOCK_BYTES, { address: 0, baud: 921_600 })]) {
    let inflated = Buffer.alloc(0);
    for (const block of stream.blocks) {
      inflated = Buffer.concat([inflated, block.data]);
      expect(inflateSync(inflated, { finishFlush: 2 }).length).toBe(block.unpacked_bytes);
    }
  }
});
