/** MD5 as the device computes it over its flash: how two sides find out what differs without sending it. */
import { createHash } from 'node:crypto';
import type { BoardLoader } from './loader.ts';

export function md5Of(data: Uint8Array): string {
  return createHash('md5').update(data).digest('hex');
}

/** A region of erased flash. */
export function md5OfErased(length: number): string {
  return md5Of(new Uint8Array(length).fill(0xff));
}

/** The ROM sends the digits as text where the stub sends bytes, and the library prints both as if they were bytes. */
const TEXT_DIGITS = 64;

/** @throws ESPError when the answer does not come */
export async function md5OfFlash(loader: BoardLoader, address: number, length: number): Promise<string> {
  const digits = await loader.flashMd5sum(address, length);
  return digits.length === TEXT_DIGITS ? Buffer.from(digits, 'hex').toString('latin1').toLowerCase() : digits;
}
