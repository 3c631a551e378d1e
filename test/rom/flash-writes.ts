/**
 * FLASH_BEGIN, FLASH_DATA and FLASH_END, and the same for compressed data. The ROM erases all of it at the begin, and
 * answers a block when it is in the flash. The stub answers when it has the block, and erases and writes while the next
 * one is on its way ("Writing Data").
 */
import { SECTOR_BYTES } from './flash-chip.ts';
import type { FlashChip } from './flash-chip.ts';
import { Inflate, InflateError } from './inflate.ts';
import { checksumOf, wordsOf } from './packets.ts';
import type { Problem, Request } from './packets.ts';
import type { Outcome } from './outcome.ts';

/** A 160 MHz core inflates some 10 MB/s. */
const INFLATE_US_PER_BYTE = 0.1;

const DATA_HEAD_BYTES = 16;

interface Writing {
  /** Where the next byte goes. */
  address: number;
  left_bytes: number;
  nextBlock: number;
  inflate: Inflate | undefined;
  /** Up to here the flash is erased; the stub goes on from here. */
  erased: number;
  eraseEnd: number;
  /** What went wrong after a block had been answered: the next answer says it. */
  problem: Problem | undefined;
}

export class FlashWrites {
  /** What the loader takes the flash's size to be: 4 MB, until SPI_SET_PARAMS says. */
  limit_bytes = 0x400000;
  private readonly flash: FlashChip;
  private readonly isStub: () => boolean;
  private writing: Writing | undefined;

  constructor(flash: FlashChip, isStub: () => boolean) {
    this.flash = flash;
    this.isStub = isStub;
  }

  reset(): void {
    this.writing = undefined;
    this.limit_bytes = 0x400000;
  }

  begin({ data }: Request, compressed: boolean, at_us: number): Outcome {
    if (data.length !== 16 && data.length !== 20) return { problem: 'length' };
    const [size_bytes, , , address] = wordsOf(data);
    if (!this.inside(address, size_bytes)) return { problem: 'failed' };
    const end = address + size_bytes;
    this.writing = {
      address,
      left_bytes: size_bytes,
      nextBlock: 0,
      inflate: compressed ? new Inflate() : undefined,
      erased: address - (address % SECTOR_BYTES),
      eraseEnd: Math.ceil(end / SECTOR_BYTES) * SECTOR_BYTES,
      problem: undefined,
    };
    return this.isStub() ? {} : { ready_us: this.eraseTo(this.writing, this.writing.eraseEnd, at_us) };
  }

  data({ data, checksum }: Request, compressed: boolean, at_us: number): Outcome {
    const { writing } = this;
    const isOurs = writing !== undefined && (writing.inflate !== undefined) === compressed;
    if (!isOurs) return { problem: 'notBegun' };
    if (data.length < DATA_HEAD_BYTES) return { problem: 'notEnough' };
    const [size_bytes, block] = wordsOf(data);
    const body = data.subarray(DATA_HEAD_BYTES);
    if (body.length !== size_bytes) return { problem: 'tooMuch' };
    if (checksumOf(body) !== checksum) return { problem: 'checksum' };
    if (this.isStub()) return this.takeAsStub(writing, body, block);
    // The ROM counts; the stub looks only whether a stream begins.
    if (block !== writing.nextBlock) return { problem: 'length' };
    writing.nextBlock++;
    const end_us = this.write(writing, body, at_us);
    return writing.problem === undefined ? { ready_us: end_us } : { problem: writing.problem, ready_us: end_us };
  }

  /** @returns what to answer, and whether the host wants the chip to restart */
  end({ data }: Request): { outcome: Outcome; reboot: boolean } {
    const { writing } = this;
    if (data.length !== 4) return { outcome: { problem: 'length' }, reboot: false };
    const reboot = data.readUInt32LE(0) === 0;
    if (!this.isStub()) {
      this.writing = undefined;
      return { outcome: {}, reboot };
    }
    if (writing === undefined) return { outcome: { problem: 'notBegun' }, reboot: false };
    if (writing.problem !== undefined) return { outcome: { problem: writing.problem }, reboot: false };
    if (writing.left_bytes > 0) return { outcome: { problem: 'length' }, reboot: false };
    this.writing = undefined;
    return { outcome: {}, reboot };
  }

  inside(address: number, size_bytes: number): boolean {
    return address + size_bytes <= this.limit_bytes && this.flash.holds(address, size_bytes);
  }

  private takeAsStub(writing: Writing, body: Buffer, block: number): Outcome {
    if (writing.problem !== undefined) return { problem: writing.problem };
    if (writing.left_bytes === 0 && writing.inflate === undefined) return { problem: 'tooMuch' };
    if (block === 0 && writing.inflate !== undefined) writing.inflate = new Inflate();
    return { then: (sent_us) => this.write(writing, body, sent_us) };
  }

  /** @returns when it is done */
  private write(writing: Writing, body: Buffer, at_us: number): number {
    let plain = body;
    try {
      if (writing.inflate !== undefined) plain = writing.inflate.push(body);
    } catch (error) {
      if (!(error instanceof InflateError)) throw error;
      writing.problem = 'inflate';
      return at_us;
    }
    // The last block is padded; what is more than was announced is not written.
    const piece = plain.subarray(0, writing.left_bytes);
    if (plain.length > piece.length && writing.inflate !== undefined) writing.problem = 'tooMuch';
    const inflated_us = writing.inflate === undefined ? 0 : plain.length * INFLATE_US_PER_BYTE;
    const erased_us = this.eraseTo(writing, writing.address + piece.length, at_us + inflated_us);
    const end_us = this.flash.program(writing.address, piece, erased_us);
    if (!this.isStub() && !this.readsBack(writing.address, piece)) writing.problem ??= 'flashWrite';
    writing.address += piece.length;
    writing.left_bytes -= piece.length;
    return end_us;
  }

  /** The ROM compares eight bits of a checksum; the stub leaves it to SPI_FLASH_MD5 ("ROM Loader Errors", 0x08). */
  private readsBack(address: number, piece: Buffer): boolean {
    return checksumOf(this.flash.bytes.subarray(address, address + piece.length)) === checksumOf(piece);
  }

  private eraseTo(writing: Writing, end: number, at_us: number): number {
    let end_us = at_us;
    while (writing.erased < Math.min(end, writing.eraseEnd)) {
      const done = this.flash.eraseNext(writing.erased, writing.eraseEnd - writing.erased, end_us);
      writing.erased += done.size_bytes;
      end_us = done.end_us;
    }
    return end_us;
  }
}
