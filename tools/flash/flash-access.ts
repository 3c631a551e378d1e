/** Reading and erasing, by the stub or, where there is none, by what the ROM has. */
import type { BoardLoader } from './loader.ts';
import { md5Of } from './md5.ts';
import { VerifyMismatch } from './trouble.ts';

/** Read in pieces, so that the library's growing array stays small and a bad link costs one piece. */
export const READ_BYTES = 0x10000;
const ROM_ERASE_BYTES = 0x100000;
const DIGEST_BYTES = 16;
/** @param flash_bytes how large the flash is */
export async function eraseAll(loader: BoardLoader, flash_bytes: number): Promise<void> {
  if (loader.IS_STUB) await loader.eraseFlash();
  else await eraseByRom(loader, 0, flash_bytes);
}

/** Both in bytes, and multiples of 4,096. */
export async function erase(loader: BoardLoader, address: number, length: number): Promise<void> {
  if (loader.IS_STUB) await loader.eraseByStub(address, length);
  else await eraseByRom(loader, address, length);
}

async function eraseByRom(loader: BoardLoader, address: number, length: number): Promise<void> {
  for (let at = 0; at < length; at += ROM_ERASE_BYTES) {
    const piece = Math.min(ROM_ERASE_BYTES, length - at);
    // The ROM has no command for it; it erases what it is told that it will be sent.
    await loader.flashDeflBegin(piece, loader.FLASH_WRITE_SIZE, address + at);
  }
}

/** @throws VerifyMismatch when what came is not what the stub says that it sent */
export async function readPiece(loader: BoardLoader, address: number, length: number): Promise<Uint8Array> {
  if (!loader.IS_STUB) {
    const data = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const part = await loader.readByRom(address + at, length - at);
      data.set(part, at);
      at += part.length;
    }
    return data;
  }
  const data = await loader.readFlash(address, length);
  // The stub ends with the MD5 of what it read, which the library leaves lying on the line.
  const digest = await loader.transport.read(loader.DEFAULT_TIMEOUT);
  const sent = Buffer.from(digest).toString('hex');
  if (digest.length !== DIGEST_BYTES || sent !== md5Of(data))
    throw new VerifyMismatch('what was read is not what the chip sent');
  return data;
}
