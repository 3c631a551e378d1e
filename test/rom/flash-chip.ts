/**
 * The NOR flash: erased to ones by the sector, and programming clears bits and never sets one. Times are the typical
 * ones of Winbond's W25Q32JV datasheet (revision F, "AC Electrical Characteristics"), which is on many a module.
 */
import type { Random } from './random.ts';

export const SECTOR_BYTES = 0x1000;
export const BLOCK_BYTES = 0x10000;
const PAGE_BYTES = 0x100;

/** tPP, tSE, tBE2, and tCE for its 4 MB. */
const PROGRAM_PAGE_US = 400;
const ERASE_SECTOR_US = 45_000;
const ERASE_BLOCK_US = 150_000;
const ERASE_CHIP_US_PER_BYTE = 10_000_000 / 0x400000;

/** 1 MB to 16 MB: what three bytes of address reach. */
const SIZE_EXPONENT_MIN = 20;
const SIZE_EXPONENT_MAX = 24;

/** Winbond, SPI NOR; the third byte is the capacity as a power of two. */
const MANUFACTURER_AND_TYPE = 0x40ef;

/** An operation that may still be going on when the power goes. */
interface Operation {
  kind: 'erase' | 'program';
  address: number;
  before: Buffer;
  start_us: number;
  end_us: number;
}

export class FlashChip {
  readonly bytes: Buffer;
  private readonly slowdown: () => number;
  private recent: Operation[] = [];

  /**
   * @param size_bytes a power of two, from 1 MB to 16 MB
   * @param slowdown how many times its typical time an erase takes
   * @throws RangeError for another size
   */
  constructor(size_bytes: number, contents?: Uint8Array, slowdown: () => number = () => 1) {
    const exponent = Math.log2(size_bytes);
    if (!Number.isInteger(exponent) || exponent < SIZE_EXPONENT_MIN || exponent > SIZE_EXPONENT_MAX) {
      throw new RangeError(`a flash of ${size_bytes} bytes: it is a power of two, from 1 MB to 16 MB`);
    }
    this.slowdown = slowdown;
    this.bytes = Buffer.alloc(size_bytes, 0xff);
    if (contents !== undefined) this.bytes.set(contents.subarray(0, size_bytes));
  }

  /** What RDID (0x9F) reads, first byte lowest. */
  get jedecId(): number {
    return MANUFACTURER_AND_TYPE | (Math.log2(this.bytes.length) << 16);
  }

  holds(address: number, size_bytes: number): boolean {
    return address >= 0 && size_bytes >= 0 && address + size_bytes <= this.bytes.length;
  }

  /** Erases one sector, or one block where `size_bytes` reaches over one that begins here. @returns when it is done */
  eraseNext(address: number, size_bytes: number, start_us: number): { size_bytes: number; end_us: number } {
    const whole = address % BLOCK_BYTES === 0 && size_bytes >= BLOCK_BYTES;
    const erased_bytes = whole ? BLOCK_BYTES : SECTOR_BYTES;
    const end_us = start_us + (whole ? ERASE_BLOCK_US : ERASE_SECTOR_US) * this.slowdown();
    this.note('erase', address, erased_bytes, start_us, end_us);
    this.bytes.fill(0xff, address, address + erased_bytes);
    return { size_bytes: erased_bytes, end_us };
  }

  /** Erases whole sectors that cover the region. @returns when it is done */
  erase(address: number, size_bytes: number, start_us: number): number {
    let at = address - (address % SECTOR_BYTES);
    let end_us = start_us;
    while (at < address + size_bytes) {
      const done = this.eraseNext(at, address + size_bytes - at, end_us);
      at += done.size_bytes;
      end_us = done.end_us;
    }
    return end_us;
  }

  eraseAll(start_us: number): number {
    const end_us = start_us + this.bytes.length * ERASE_CHIP_US_PER_BYTE * this.slowdown();
    this.note('erase', 0, this.bytes.length, start_us, end_us);
    this.bytes.fill(0xff);
    return end_us;
  }

  /** Clears the bits that are clear in `data`, page by page. @returns when it is done */
  program(address: number, data: Uint8Array, start_us: number): number {
    let end_us = start_us;
    for (let at = 0; at < data.length;) {
      const page_bytes = Math.min(PAGE_BYTES - ((address + at) % PAGE_BYTES), data.length - at);
      this.note('program', address + at, page_bytes, end_us, end_us + PROGRAM_PAGE_US);
      for (let i = at; i < at + page_bytes; i++) this.bytes[address + i] &= data[i];
      end_us += PROGRAM_PAGE_US;
      at += page_bytes;
    }
    return end_us;
  }

  /** What was done before this moment is done for good. */
  settle(now_us: number): void {
    if (this.recent.length > 0) this.recent = this.recent.filter(({ end_us }) => end_us > now_us);
  }

  /** The power goes: what had not begun never happens, and what was under way leaves bits of both. */
  tear(now_us: number, random: Random): void {
    this.settle(now_us);
    for (const { kind, address, before, start_us, end_us } of this.recent.reverse()) {
      const done = Math.max(0, (now_us - start_us) / (end_us - start_us));
      for (let i = 0; i < before.length; i++) {
        const old = before[i];
        const now = this.bytes[address + i];
        const changed = kind === 'erase' ? random() < done : i < before.length * done;
        this.bytes[address + i] = changed ? now : old;
      }
    }
    this.recent = [];
  }

  /** The chip is reset: the flash finishes what it has begun, and what had not begun never happens. */
  abandon(now_us: number): void {
    this.settle(now_us);
    for (const { address, before, start_us } of this.recent.reverse()) {
      if (start_us >= now_us) this.bytes.set(before, address);
    }
    this.recent = [];
  }

  private note(kind: Operation['kind'], address: number, size_bytes: number, start_us: number, end_us: number): void {
    const before = Buffer.from(this.bytes.subarray(address, address + size_bytes));
    this.recent.push({ kind, address, before, start_us, end_us });
  }
}
