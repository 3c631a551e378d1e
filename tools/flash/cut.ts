/**
 * Where a stream is cut into blocks, so that the chip's own work hides behind the wire. Espressif's stub answers a block
 * before it erases and writes what is in it, and does that while the next one is on its way. So a block that makes it
 * erase 64 KB had better carry less, or the next one waits; and the last work of all, behind which nothing comes, had
 * better be small. Of all ways to cut, the one that should be done first is taken.
 */
import { BLOCK_BYTES, SECTOR_BYTES } from './plan.ts';

/** How finely it is looked. */
export const CUT_STEP_BYTES = 0x400;

/** Typical times (Winbond W25Q32JV, "AC Electrical Characteristics": tPP, tSE, tBE2). Other chips' are like them. */
const PAGE_BYTES = 0x100;
const PROGRAM_PAGE_MS = 0.4;
const ERASE_SECTOR_MS = 45;
const ERASE_BLOCK_MS = 150;
const BITS_PER_BYTE = 10;

/** What a block more must save: it costs 40 bytes and an answer, which an FTDI bridge keeps back for up to 16 ms. */
const BLOCK_COST_MS = 20;
/** So that a long image takes no more bytes than with esptool, whose other questions are worth some fifteen blocks. */
const MORE_BLOCKS_MAX = 12;

export interface Course {
  /** What the stream has unpacked to after each step; the last step may be shorter. */
  unpacked_bytes: readonly number[];
  packed_bytes: number;
  /** Where it goes in the flash. */
  address: number;
  /** What a block may carry, a multiple of 1,024. */
  block_bytes: number;
  baud: number;
}

/** How long the chip erases and writes until so much of the data is in the flash, for each of these ends. */
function workUntil(ends: readonly number[], address: number): number[] {
  const last = address + (ends.at(-1) ?? 0);
  let erased = address - (address % SECTOR_BYTES);
  let erase_ms = 0;
  return ends.map((end) => {
    while (erased < address + end) {
      const whole = erased % BLOCK_BYTES === 0 && last - erased > BLOCK_BYTES - SECTOR_BYTES;
      erase_ms += whole ? ERASE_BLOCK_MS : ERASE_SECTOR_MS;
      erased += whole ? BLOCK_BYTES : SECTOR_BYTES;
    }
    return erase_ms + (end / PAGE_BYTES) * PROGRAM_PAGE_MS;
  });
}

/** Until each step: on the line, and in the chip. */
interface Times {
  wire_ms: readonly number[];
  work_ms: readonly number[];
  /** What a block may carry. */
  steps_max: number;
}

/** The best way to get to a place with a last block of so many steps: when it is answered, and the block before it. */
interface Way {
  answered_ms: number;
  before_steps: number;
}

/**
 * Each way's time follows from that of the way to its last block's beginning: a block is answered when it is there, and
 * when the chip is done with the block before it.
 *
 * @returns `ways[end][steps]`
 */
function bestWays({ wire_ms, work_ms, steps_max }: Times, cost_ms: number): Way[][] {
  const ways: Way[][] = [[{ answered_ms: 0, before_steps: 0 }]];
  for (let end = 1; end < wire_ms.length; end++) {
    ways[end] = [];
    for (let steps = 1; steps <= Math.min(steps_max, end); steps++) {
      const from = end - steps;
      const sent_ms = wire_ms[end] - wire_ms[from];
      const best: Way = { answered_ms: Infinity, before_steps: 0 };
      ways[from].forEach((way, before_steps) => {
        const busy_ms = work_ms[from] - work_ms[from - before_steps];
        const answered_ms = way.answered_ms + Math.max(sent_ms, busy_ms) + cost_ms;
        if (answered_ms < best.answered_ms) Object.assign(best, { answered_ms, before_steps });
      });
      ways[end][steps] = best;
    }
  }
  return ways;
}

/** @returns at which step each block ends */
function bestEnds(times: Times, cost_ms: number): number[] {
  const { work_ms } = times;
  const ways = bestWays(times, cost_ms);
  const last = ways.length - 1;
  let steps = 0;
  let done_ms = Infinity;
  ways[last].forEach(({ answered_ms }, last_steps) => {
    const all_ms = answered_ms + work_ms[last] - work_ms[last - last_steps];
    if (all_ms < done_ms) [steps, done_ms] = [last_steps, all_ms];
  });
  const ends: number[] = [];
  for (let end = last; end > 0;) {
    ends.unshift(end);
    const { before_steps } = ways[end][steps];
    end -= steps;
    steps = before_steps;
  }
  return ends;
}

/** @returns where each block ends, in bytes of the packed stream */
export function cutForStub({ unpacked_bytes, packed_bytes, address, block_bytes, baud }: Course): number[] {
  const placeOf = (step: number): number => Math.min(packed_bytes, step * CUT_STEP_BYTES);
  const byte_ms = (BITS_PER_BYTE * 1000) / baud;
  const times = {
    wire_ms: Array.from({ length: unpacked_bytes.length + 1 }, (_, step) => placeOf(step) * byte_ms),
    work_ms: workUntil([0, ...unpacked_bytes], address),
    steps_max: Math.floor(block_bytes / CUT_STEP_BYTES),
  };
  const blocks_max = Math.ceil(packed_bytes / block_bytes) + MORE_BLOCKS_MAX;
  for (let cost_ms = BLOCK_COST_MS; ; cost_ms *= 2) {
    const ends = bestEnds(times, cost_ms);
    if (ends.length <= blocks_max) return ends.map(placeOf);
  }
}
