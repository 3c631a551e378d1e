/**
 * Frames on a TCP connection: a length of 16 bits, big-endian, then so many bytes. Without the highest bit of the length
 * it is a datagram, with it a control frame (control.ts); who does not know those skips them.
 */
import { DATAGRAM_MAX_BYTES } from '../carrier.ts';

const HEAD_BYTES = 2;
export const CONTROL = 0x8000;

export function frameOf(bytes: Uint8Array, kind: 0 | typeof CONTROL): Buffer {
  const frame = Buffer.allocUnsafe(HEAD_BYTES + bytes.length);
  frame.writeUInt16BE(bytes.length | kind);
  frame.set(bytes, HEAD_BYTES);
  return frame;
}

export type OnFrame = (bytes: Buffer, control: boolean) => void;

/** Puts frames together again from pieces of any size. Holds one unfinished frame at the most. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** False when this is no stream of frames: nothing that follows can be understood. */
  push(piece: Buffer, onFrame: OnFrame): boolean {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    let at = 0;
    while (bytes.length - at >= HEAD_BYTES) {
      const word = bytes.readUInt16BE(at);
      const length = word & ~CONTROL;
      if (length === 0 || length > DATAGRAM_MAX_BYTES) return false;
      const end = at + HEAD_BYTES + length;
      if (end > bytes.length) break;
      onFrame(bytes.subarray(at + HEAD_BYTES, end), (word & CONTROL) !== 0);
      at = end;
    }
    // A copy, so that a few bytes do not keep a whole piece in memory.
    this.#rest = Buffer.from(bytes.subarray(at));
    return true;
  }
}
