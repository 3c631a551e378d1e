/**
 * SLIP framing as the serial protocol has it ("Low Level Protocol"): a packet begins and ends with 0xC0, and inside it
 * 0xC0 becomes DB DC and 0xDB becomes DB DD.
 */

const END = 0xc0;
const ESCAPE = 0xdb;
const ESCAPED_END = 0xdc;
const ESCAPED_ESCAPE = 0xdd;

/** Longer than any packet that the loader takes: a lost end must not fill the memory. */
const FRAME_BYTES_MAX = 0x12000;

export function slipFrame(payload: Uint8Array): Buffer {
  const framed = Buffer.alloc(payload.length * 2 + 2);
  let length = 0;
  framed[length++] = END;
  for (const byte of payload) {
    if (byte === END || byte === ESCAPE) framed[length++] = ESCAPE;
    framed[length++] = byte === END ? ESCAPED_END : byte === ESCAPE ? ESCAPED_ESCAPE : byte;
  }
  framed[length++] = END;
  return framed.subarray(0, length);
}

/** Takes bytes as they come, and hands out whole packets. What stands between packets is skipped. */
export class SlipReader {
  private readonly frame = Buffer.alloc(FRAME_BYTES_MAX);
  private length = 0;
  private inside = false;
  private escaping = false;

  /** @param take a packet without its framing, and the index in `bytes` of the byte that ended it */
  read(bytes: Uint8Array, take: (packet: Buffer, index: number) => void): void {
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index];
      if (byte === END) this.end(index, take);
      else if (this.inside) this.add(byte);
    }
  }

  reset(): void {
    this.length = 0;
    this.inside = false;
    this.escaping = false;
  }

  private end(index: number, take: (packet: Buffer, index: number) => void): void {
    const packet = Buffer.from(this.frame.subarray(0, this.length));
    this.reset();
    // An end that follows at once is the begin of the next packet; so is one after which bytes come without a begin.
    this.inside = packet.length === 0;
    if (packet.length > 0) take(packet, index);
  }

  private add(byte: number): void {
    if (this.length === FRAME_BYTES_MAX) return this.reset();
    if (this.escaping) {
      this.escaping = false;
      if (byte !== ESCAPED_END && byte !== ESCAPED_ESCAPE) return this.reset();
      this.frame[this.length++] = byte === ESCAPED_END ? END : ESCAPE;
    } else if (byte === ESCAPE) {
      this.escaping = true;
    } else {
      this.frame[this.length++] = byte;
    }
  }
}
