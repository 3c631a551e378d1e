/** What a chip's eFuses forbid: secure boot, flash encryption, the secure download mode. */
import { Failure } from '../cli/errors.ts';
import { EXIT_SECURED } from './exit-codes.ts';
import type { BoardLoader } from './loader.ts';

export interface Security {
  secureBoot: boolean;
  flashEncryption: boolean;
  /** Only writing is left: no registers, no stub, no reading back. */
  secureDownload: boolean;
}

/**
 * The ESP32 has no command for it, but its eFuses can be read: block 0, words 0 and 6 (ESP32 technical reference
 * manual, "eFuse Controller": FLASH_CRYPT_CNT in bits 20 to 26, ABS_DONE_0 and ABS_DONE_1 in bits 4 and 5).
 */
const ESP32_EFUSE_WORD0 = 0x3ff5a000;
const ESP32_EFUSE_WORD6 = 0x3ff5a018;
const CRYPT_COUNT_SHIFT = 20;
const CRYPT_COUNT_MASK = 0x7f;
const SECURE_BOOT_DONE = 0b11 << 4;

/** Encryption is on while an odd number of the counter's bits is set: each change burns one more. */
function isOdd(counter: number): boolean {
  let bits = 0;
  for (let rest = counter; rest !== 0; rest >>>= 1) bits += rest & 1;
  return bits % 2 === 1;
}

export async function readSecurity(loader: BoardLoader): Promise<Security> {
  if (loader.chip.CHIP_NAME === 'ESP32') {
    const count = ((await loader.readReg(ESP32_EFUSE_WORD0)) >>> CRYPT_COUNT_SHIFT) & CRYPT_COUNT_MASK;
    const done = (await loader.readReg(ESP32_EFUSE_WORD6)) & SECURE_BOOT_DONE;
    return { secureBoot: done !== 0, flashEncryption: isOdd(count), secureDownload: false };
  }
  const { parsedFlags, flashCryptCnt } = await loader.getSecurityInfo();
  return {
    secureBoot: parsedFlags.SECURE_BOOT_EN,
    flashEncryption: isOdd(flashCryptCnt),
    secureDownload: parsedFlags.SECURE_DOWNLOAD_ENABLE,
  };
}

/** `secure boot and flash encryption`, or '' */
export function securityText({ secureBoot, flashEncryption, secureDownload }: Security): string {
  const words = [
    secureBoot ? 'secure boot' : '',
    flashEncryption ? 'flash encryption' : '',
    secureDownload ? 'secure download mode' : '',
  ].filter((word) => word !== '');
  return words.join(' and ');
}

/**
 * @param doing what was about to happen, for the message: `write`, `erase`
 * @throws Failure with EXIT_SECURED; `force` overrides what is unwise, and nothing overrides what cannot work
 */
export function refuseSecured(security: Security, doing: string, force: boolean): void {
  const { secureBoot, flashEncryption, secureDownload } = security;
  if (secureDownload) {
    throw new Failure(
      `the chip is in secure download mode: it lets nothing be read back, so what is written could not be verified; ` +
        `this tool does not ${doing} it. Update it over the air, or with the tools that set it up`,
      EXIT_SECURED,
    );
  }
  if (force) return;
  if (flashEncryption) {
    throw new Failure(
      `flash encryption is on: the chip decrypts whatever is in its flash, so a plain image would not start; nothing was ` +
        `changed. Update it over the air, or write an encrypted image with --force`,
      EXIT_SECURED,
    );
  }
  if (secureBoot) {
    throw new Failure(
      `secure boot is on: the chip starts only images signed with its key, and after a wrong boot loader nothing at all; ` +
        `nothing was changed. Update it over the air, or write a signed image with --force`,
      EXIT_SECURED,
    );
  }
}
