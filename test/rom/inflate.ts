/**
 * Inflates a zlib stream (RFC 1950, RFC 1951) as it arrives, block by block of the serial protocol, in one thread of
 * control: what a block holds is out before the next one is looked at, as it is on the device. Node.js has no such call.
 */
import { codeTable, LONGEST_CODE_BITS } from './inflate-codes.ts';
import type { CodeTable } from './inflate-codes.ts';

export class InflateError extends Error {}

/** Thrown inside a step that ran out of input: the step is done again when there is more. */
class NeedInput extends Error {}
const NEED_INPUT = new NeedInput();

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const END_OF_BLOCK = 256;
const WINDOW_BYTES = 32768;
const ADLER_MODULUS = 65521;
const PADDING_BYTES = 4;

type Step = 'header' | 'block' | 'stored' | 'coded' | 'trailer' | 'done';

export class Inflate {
  /** Followed by bytes of zeros, so that one may look past the end. */
  private input = Buffer.alloc(PADDING_BYTES);
  /** Position in the input, in bits. */
  private bit = 0;
  private step: Step = 'header';
  private last = false;
  private stored_bytes = 0;
  private literals: CodeTable = codeTable([]);
  private distances: CodeTable = codeTable([]);
  /** The window, then what is new. */
  private out = Buffer.alloc(4 * WINDOW_BYTES);
  private out_bytes = 0;
  private fresh = 0;
  private adler = { a: 1, b: 0 };

  get done(): boolean {
    return this.step === 'done';
  }

  /**
   * @returns what this piece of the stream brings
   * @throws InflateError where the stream is not one
   */
  push(piece: Uint8Array): Buffer {
    const consumed = this.bit >> 3;
    const rest = this.input.subarray(consumed, this.input.length - PADDING_BYTES);
    this.input = Buffer.concat([rest, piece, Buffer.alloc(PADDING_BYTES)]);
    this.bit -= consumed * 8;
    this.slideWindow();
    while (this.step !== 'done') {
      const before = this.bit;
      try {
        this.runStep();
      } catch (error) {
        if (error !== NEED_INPUT) throw error;
        this.bit = this.step === 'coded' || this.step === 'stored' ? this.bit : before;
        break;
      }
    }
    return Buffer.from(this.out.subarray(this.fresh, this.out_bytes));
  }

  private get input_bits(): number {
    return (this.input.length - PADDING_BYTES) * 8;
  }

  private runStep(): void {
    if (this.step === 'header') this.readHeader();
    else if (this.step === 'block') this.readBlockHeader();
    else if (this.step === 'stored') this.copyStored();
    else if (this.step === 'coded') this.decode();
    else this.readTrailer();
  }

  private readHeader(): void {
    const [method, flags] = [this.bits(8), this.bits(8)];
    if ((method & 0x0f) !== 8 || ((method << 8) | flags) % 31 !== 0 || (flags & 0x20) !== 0) {
      throw new InflateError('not a zlib stream');
    }
    this.step = 'block';
  }

  private readBlockHeader(): void {
    const last = this.bits(1) === 1;
    const type = this.bits(2);
    if (type === 0) this.readStoredHeader();
    else if (type === 1) this.useFixedCodes();
    else if (type === 2) this.readCodes();
    else throw new InflateError('a block of an unknown kind');
    this.last = last;
    this.step = type === 0 ? 'stored' : 'coded';
  }

  private readStoredHeader(): void {
    this.bit = (this.bit + 7) & ~7;
    const [size, inverse] = [this.bits(16), this.bits(16)];
    if ((size ^ inverse) !== 0xffff) throw new InflateError('a stored block whose length is garbled');
    this.stored_bytes = size;
  }

  private useFixedCodes(): void {
    const lengths = Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
    this.literals = codeTable(lengths);
    this.distances = codeTable(Array.from({ length: 30 }, () => 5));
  }

  private readCodes(): void {
    const [literalCount, distanceCount, lengthCount] = [this.bits(5) + 257, this.bits(5) + 1, this.bits(4) + 4];
    const lengthLengths = Array.from({ length: 19 }, () => 0);
    for (let i = 0; i < lengthCount; i++) lengthLengths[CODE_LENGTH_ORDER[i]] = this.bits(3);
    const lengthTable = codeTable(lengthLengths);
    const lengths: number[] = [];
    while (lengths.length < literalCount + distanceCount) {
      const symbol = this.symbol(lengthTable);
      if (symbol < 16) lengths.push(symbol);
      else this.repeat(symbol, lengths);
    }
    if (lengths.length > literalCount + distanceCount) throw new InflateError('code lengths that run over');
    this.literals = codeTable(lengths.slice(0, literalCount));
    this.distances = codeTable(lengths.slice(literalCount));
  }

  private repeat(symbol: number, lengths: number[]): void {
    if (symbol === 16 && lengths.length === 0) throw new InflateError('a repeat of nothing');
    const value = symbol === 16 ? lengths[lengths.length - 1] : 0;
    const times = symbol === 16 ? 3 + this.bits(2) : symbol === 17 ? 3 + this.bits(3) : 11 + this.bits(7);
    for (let i = 0; i < times; i++) lengths.push(value);
  }

  private copyStored(): void {
    const at = this.bit >> 3;
    const here = this.input.subarray(at, Math.min(at + this.stored_bytes, this.input_bits >> 3));
    for (const byte of here) this.emit(byte);
    this.bit += here.length * 8;
    this.stored_bytes -= here.length;
    if (this.stored_bytes > 0) throw NEED_INPUT;
    this.endBlock();
  }

  private decode(): void {
    for (;;) {
      const before = this.bit;
      try {
        const symbol = this.symbol(this.literals);
        if (symbol === END_OF_BLOCK) return this.endBlock();
        if (symbol < END_OF_BLOCK) this.emit(symbol);
        else this.copy(symbol - 257);
      } catch (error) {
        this.bit = before;
        throw error;
      }
    }
  }

  private copy(lengthCode: number): void {
    if (lengthCode >= LENGTH_BASE.length) throw new InflateError('a length that does not exist');
    const length = LENGTH_BASE[lengthCode] + this.bits(LENGTH_EXTRA[lengthCode]);
    const distanceCode = this.symbol(this.distances);
    if (distanceCode >= DISTANCE_BASE.length) throw new InflateError('a distance that does not exist');
    const distance = DISTANCE_BASE[distanceCode] + this.bits(DISTANCE_EXTRA[distanceCode]);
    if (distance > this.out_bytes) throw new InflateError('a distance before the beginning');
    for (let i = 0; i < length; i++) this.emit(this.out[this.out_bytes - distance]);
  }

  private readTrailer(): void {
    this.bit = (this.bit + 7) & ~7;
    let stored = 0;
    for (let i = 0; i < 4; i++) stored = stored * 256 + this.bits(8);
    if (stored !== this.adler.b * 65536 + this.adler.a) throw new InflateError('the checksum of the stream is wrong');
    this.step = 'done';
  }

  private endBlock(): void {
    this.step = this.last ? 'trailer' : 'block';
  }

  private emit(byte: number): void {
    if (this.out_bytes === this.out.length) this.out = Buffer.concat([this.out, Buffer.alloc(this.out.length)]);
    this.out[this.out_bytes++] = byte;
    this.adler.a = (this.adler.a + byte) % ADLER_MODULUS;
    this.adler.b = (this.adler.b + this.adler.a) % ADLER_MODULUS;
  }

  private slideWindow(): void {
    const keep = Math.min(this.out_bytes, WINDOW_BYTES);
    this.out.copyWithin(0, this.out_bytes - keep, this.out_bytes);
    this.out_bytes = keep;
    this.fresh = keep;
  }

  private symbol(table: CodeTable): number {
    const have = Math.min(LONGEST_CODE_BITS, this.input_bits - this.bit);
    const entry = table[this.peek(have)];
    const length = entry & 0x0f;
    if (length === 0) throw have < LONGEST_CODE_BITS ? NEED_INPUT : new InflateError('a code that does not exist');
    if (length > have) throw NEED_INPUT;
    this.bit += length;
    return entry >> 4;
  }

  private bits(count: number): number {
    if (this.bit + count > this.input_bits) throw NEED_INPUT;
    const value = this.peek(count);
    this.bit += count;
    return value;
  }

  /** Up to 16 bits, lowest first. */
  private peek(count: number): number {
    const at = this.bit >> 3;
    const { input } = this;
    const three = input[at] | (input[at + 1] << 8) | (input[at + 2] << 16);
    return (three >> (this.bit & 7)) & ((1 << count) - 1);
  }
}
