/** SPI_FLASH_MD5, and reading: in packets with acknowledgements by the stub, 64 bytes at a time by the ROM. */
import { createHash } from 'node:crypto';
import type { FlashChip } from './flash-chip.ts';
import { wordsOf } from './packets.ts';
import type { Request } from './packets.ts';
import type { Outcome } from './outcome.ts';

/** SPI at 40 MHz on two lines takes 0.1 us a byte, and MD5 some 30 cycles at 160 MHz. */
const MD5_US_PER_BYTE = 0.3;
const SLOW_READ_BYTES = 64;
/** The buffer that the stub reads into. */
const PACKET_BYTES_MAX = 0x1000;

export function md5Of(flash: FlashChip, address: number, size_bytes: number): Buffer {
  return createHash('md5')
    .update(flash.bytes.subarray(address, address + size_bytes))
    .digest();
}

/** The stub answers the 16 bytes, the ROM the same as 32 hexadecimal digits. */
export function answerMd5(flash: FlashChip, { data }: Request, isStub: boolean, at_us: number): Outcome {
  if (data.length !== 16) return { problem: 'length' };
  const [address, size_bytes] = wordsOf(data);
  if (!flash.holds(address, size_bytes)) return { problem: 'failed' };
  const md5 = md5Of(flash, address, size_bytes);
  return { data: isStub ? md5 : Buffer.from(md5.toString('hex')), ready_us: at_us + size_bytes * MD5_US_PER_BYTE };
}

/** The ROM always sends 64 bytes, whatever was asked for. */
export function readSlowly(flash: FlashChip, { data }: Request): Outcome {
  if (data.length !== 8) return { problem: 'length' };
  const [address, size_bytes] = wordsOf(data);
  if (size_bytes > SLOW_READ_BYTES) return { problem: 'tooLong' };
  if (!flash.holds(address, size_bytes)) return { problem: 'failed' };
  const out = Buffer.alloc(SLOW_READ_BYTES, 0xff);
  out.set(flash.bytes.subarray(address, address + size_bytes));
  return { data: out };
}

/** A READ_FLASH under way: a packet, an acknowledgement, and so on, then the MD5 of it all. */
export class FlashRead {
  private readonly flash: FlashChip;
  private readonly address: number;
  private readonly size_bytes: number;
  private readonly packet_bytes: number;
  private readonly inFlight_max: number;
  private readonly send: (packet: Uint8Array) => void;
  private sent_bytes = 0;
  private unacknowledged = 0;
  private acknowledged_bytes = 0;

  constructor(flash: FlashChip, words: readonly number[], send: (packet: Uint8Array) => void) {
    [this.address, this.size_bytes, this.packet_bytes, this.inFlight_max] = words;
    this.flash = flash;
    this.send = send;
  }

  get done(): boolean {
    return this.acknowledged_bytes >= this.size_bytes && this.sent_bytes >= this.size_bytes;
  }

  /** Sends as many packets as may be unacknowledged at one time. */
  sendOn(): void {
    while (this.sent_bytes < this.size_bytes && this.unacknowledged < Math.max(1, this.inFlight_max)) {
      const at = this.address + this.sent_bytes;
      const length = Math.min(this.packet_bytes, this.size_bytes - this.sent_bytes);
      this.send(this.flash.bytes.subarray(at, at + length));
      this.sent_bytes += length;
      this.unacknowledged++;
    }
    if (this.done) this.finish();
  }

  /** @returns false where that is no acknowledgement: the read is over */
  acknowledge(packet: Buffer): boolean {
    if (packet.length !== 4) {
      this.finish();
      return false;
    }
    this.acknowledged_bytes = packet.readUInt32LE(0);
    this.unacknowledged--;
    this.sendOn();
    return !this.done;
  }

  private finish(): void {
    this.send(md5Of(this.flash, this.address, this.size_bytes));
  }
}

export function readProblem(flash: FlashChip, { data }: Request): Outcome | undefined {
  if (data.length !== 16) return { problem: 'length' };
  const [address, size_bytes, packet_bytes] = wordsOf(data);
  if (packet_bytes === 0 || packet_bytes > PACKET_BYTES_MAX) return { problem: 'length' };
  return flash.holds(address, size_bytes) ? undefined : { problem: 'failed' };
}
