/** The piece of the flash that the words behind `read` and `erase` mean. */
import { parseSize } from '../boards/partitions.ts';
import { UsageError } from '../cli/errors.ts';
import { hex } from './image.ts';
import type { BoardAtWork } from './session.ts';

export interface Place {
  name: string;
  address: number;
  length: number;
}

/** @throws UsageError for what is no number */
function readNumber(text: string, what: string): number {
  const value = parseSize(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new UsageError(`${what} is "${text}"; write it as 0x9000, 36864, 64K or 1M`);
}

export const looksLikeNumber = (text: string): boolean => /^\d/.test(text);

/**
 * A partition by its name, or an address and a length.
 *
 * @throws UsageError for what is no number, reaches over the flash's end, or is not in the partition table
 */
export async function findPlace(board: BoardAtWork, rest: readonly string[]): Promise<Place> {
  const [first, second = ''] = rest;
  const { flash_bytes } = board.facts;
  if (looksLikeNumber(first)) {
    const [address, length] = [readNumber(first, 'the address'), readNumber(second, 'the length')];
    if (length > 0 && address + length <= flash_bytes) return { name: hex(address), address, length };
    throw new UsageError(`${hex(address)} and ${hex(length)} bytes reach over the flash's end at ${hex(flash_bytes)}`);
  }
  const partitions = await board.partitions();
  const found = partitions.find(({ name }) => name === first);
  if (found !== undefined) return { name: first, address: found.offset, length: found.size };
  const names = partitions.map(({ name }) => name).join(', ');
  throw new UsageError(
    `the board has no partition "${first}"; ${names === '' ? 'it has no partition table' : `it has ${names}`}`,
  );
}
