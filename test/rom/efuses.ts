/**
 * The eFuse words that a client reads: MAC, revision, and what has been locked. Places are from the technical reference
 * manuals ("eFuse Controller", the parameters of BLOCK0 and BLOCK1).
 */
import type { ChipModel } from './chips.ts';
import type { Faults } from './faults.ts';

const ESP32_EFUSE = 0x3ff5a000;
/** Bit 31 of APB_CTRL_DATE_REG tells revision 3 from those before. */
const ESP32_DATE_REG = 0x3ff6607c;
const ESP32_DATE = 0x96042000;

/** BLOCK0 words of the newer chips: SPI_BOOT_CRYPT_CNT from bit 18 of 0x34, SECURE_BOOT_EN at bit 20 of 0x38. */
const CRYPT_COUNT = { offset: 0x34, bit: 18 };
const SECURE_BOOT = { offset: 0x38, bit: 20 };
const SECURE_DOWNLOAD = { offset: 0x3c, bit: 5 };
const BLOCK1 = 0x44;

export function efuseWords(chip: ChipModel, mac: string, faults: Faults): Map<number, number> {
  const bytes = macBytes(mac);
  const macWords = [bytes.readUInt32BE(2), bytes.readUInt16BE(0)];
  return chip.efuse === 'esp32' ? esp32Words(macWords, faults) : newerWords(chip.efuse, macWords, faults);
}

function esp32Words(mac: readonly number[], faults: Faults): Map<number, number> {
  // An ESP32-D0WD-V3: package 1, revision bits of revision 3, rated for 240 MHz.
  const words = [0, mac[0], mac[1], (1 << 9) | (1 << 13) | (1 << 15), 0, 1 << 20, 0];
  if (faults.flashEncryption) words[0] |= 1 << 20;
  if (faults.secureBoot) words[6] |= 1 << 5;
  const registers = new Map(words.map((word, i) => [ESP32_EFUSE + 4 * i, word]));
  return registers.set(ESP32_DATE_REG, ESP32_DATE);
}

function newerWords(
  { base, revision }: Exclude<ChipModel['efuse'], 'esp32'>,
  mac: readonly number[],
  faults: Faults,
): Map<number, number> {
  const registers = new Map<number, number>([
    [base + BLOCK1, mac[0]],
    [base + BLOCK1 + 4, mac[1]],
    [base + CRYPT_COUNT.offset, faults.flashEncryption ? 1 << CRYPT_COUNT.bit : 0],
    [base + SECURE_BOOT.offset, faults.secureBoot ? 1 << SECURE_BOOT.bit : 0],
    [base + SECURE_DOWNLOAD.offset, faults.secureDownload ? 1 << SECURE_DOWNLOAD.bit : 0],
  ]);
  for (const [word, value] of revision) registers.set(base + BLOCK1 + 4 * word, value);
  return registers;
}

function macBytes(mac: string): Buffer {
  const bytes = Buffer.from(mac.split(':').map((pair) => Number.parseInt(pair, 16)));
  if (bytes.length !== 6) throw new RangeError(`a MAC of ${bytes.length} bytes: ${mac}`);
  return bytes;
}

const FLAG_SECURE_BOOT = 1 << 0;
const FLAG_SECURE_DOWNLOAD = 1 << 2;

/** What GET_SECURITY_INFO answers: flags, how often encryption was switched, key purposes, and on most chips the chip. */
export function securityInfo(chip: ChipModel, faults: Faults): Buffer {
  const info = Buffer.alloc(chip.securityInfo_bytes);
  const flags = (faults.secureBoot ? FLAG_SECURE_BOOT : 0) | (faults.secureDownload ? FLAG_SECURE_DOWNLOAD : 0);
  info.writeUInt32LE(flags, 0);
  info[4] = faults.flashEncryption ? 1 : 0;
  if (chip.securityInfo_bytes === 20) info.writeUInt32LE(chip.imageChipId, 12);
  return info;
}
