/** What of an image is to be written: the parts of the flash that differ, found by MD5, in blocks of 64 KB. */
import { md5Of, md5OfErased } from './md5.ts';

/** A piece of an image and where it goes. */
export interface Region {
  /** As people call it: `application`, `nvs`. */
  name: string;
  address: number;
  data: Uint8Array;
}

/** Bytes that are written in one go. */
export interface Run {
  address: number;
  data: Uint8Array;
}

export interface RegionPlan {
  region: Region;
  runs: Run[];
  /** How many blocks the region has, and how many of them are written. */
  blocks: number;
  changed: number;
}

/** What flash chips erase fastest, and the step of the comparison. */
export const BLOCK_BYTES = 0x10000;
/** The least that can be erased. */
export const SECTOR_BYTES = 0x1000;
const WORD = 4;

type FlashMd5 = (address: number, length: number) => Promise<string>;

/** Flash is written in words; what is added is as erased, as esptool does it. */
export function padded(data: Uint8Array): Uint8Array {
  if (data.length % WORD === 0) return data;
  const whole = new Uint8Array(Math.ceil(data.length / WORD) * WORD).fill(0xff);
  whole.set(data);
  return whole;
}

/** The region cut where the flash's own blocks begin. */
export function blocksOf({ address, data }: Run): Run[] {
  const blocks: Run[] = [];
  for (let at = 0; at < data.length;) {
    const end = Math.min(data.length, at + BLOCK_BYTES - ((address + at) % BLOCK_BYTES));
    blocks.push({ address: address + at, data: data.subarray(at, end) });
    at = end;
  }
  return blocks;
}

/** Neighbours become one run: one stream compresses better than two, and takes fewer round trips. */
function joined(whole: Run, blocks: readonly Run[]): Run[] {
  const runs: Run[] = [];
  for (const { address, data } of blocks) {
    const last = runs.at(-1);
    const end = address + data.length;
    if (last === undefined || last.address + last.data.length !== address) runs.push({ address, data });
    else last.data = whole.data.subarray(last.address - whole.address, end - whole.address);
  }
  return runs;
}

/** Blocks that differ, by a question for each. */
async function changedBlocks(blocks: readonly Run[], flashMd5: FlashMd5): Promise<Run[]> {
  const changed: Run[] = [];
  for (const block of blocks) {
    if ((await flashMd5(block.address, block.data.length)) !== md5Of(block.data)) changed.push(block);
  }
  return changed;
}

/**
 * Asks for the first sector, for all of it where that one is the same, and for each block else. A region whose first
 * sector is erased counts as erased: it is written from its beginning, so what a cut left behind is there, and a new board
 * is not read through in vain.
 */
export async function planRegion(region: Region, flashMd5: FlashMd5): Promise<RegionPlan> {
  const whole = { address: region.address, data: padded(region.data) };
  const blocks = blocksOf(whole);
  const planOf = (changed: readonly Run[]): RegionPlan => ({
    region,
    runs: joined(whole, changed),
    blocks: blocks.length,
    changed: changed.length,
  });
  const head = blocks[0].data.subarray(0, SECTOR_BYTES);
  const first = await flashMd5(whole.address, head.length);
  if (first !== md5Of(head)) {
    if (first === md5OfErased(head.length)) return planOf(blocks);
    return planOf([blocks[0], ...(await changedBlocks(blocks.slice(1), flashMd5))]);
  }
  const isAllThere =
    head.length === whole.data.length || (await flashMd5(whole.address, whole.data.length)) === md5Of(whole.data);
  if (isAllThere) return planOf([]);
  return planOf(blocks.length === 1 ? blocks : await changedBlocks(blocks, flashMd5));
}

export function runBytes({ runs }: RegionPlan): number {
  return runs.reduce((sum, { data }) => sum + data.length, 0);
}
