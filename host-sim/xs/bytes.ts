/** Numbers and bytes in a row, written and read by both ends of the pipe. The inside of XS runs this file too: no Node.js here. */

const BYTES_START = 4096;

export class Writer {
  private bytes = new Uint8Array(BYTES_START);
  private view = new DataView(this.bytes.buffer);
  length = 0;

  u8(value: number): void {
    this.reserve(1);
    this.view.setUint8(this.length, value);
    this.length += 1;
  }

  u16(value: number): void {
    this.reserve(2);
    this.view.setUint16(this.length, value);
    this.length += 2;
  }

  i32(value: number): void {
    this.reserve(4);
    this.view.setInt32(this.length, value);
    this.length += 4;
  }

  f64(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.length, value);
    this.length += 8;
  }

  i32s(values: ArrayLike<number>): void {
    this.reserve(4 * values.length);
    for (let i = 0; i < values.length; i++) this.view.setInt32(this.length + 4 * i, values[i]);
    this.length += 4 * values.length;
  }

  /** The length as u16, then view[0..length). */
  block(view: DataView, length: number): void {
    this.u16(length);
    this.raw(new Uint8Array(view.buffer, view.byteOffset, length));
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** What was written; valid until the next write. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = new Uint8Array(2 * (this.length + more));
    larger.set(this.bytes);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}

export class Reader {
  at = 0;
  private readonly view: DataView;

  constructor(view: DataView) {
    this.view = view;
  }

  get done(): boolean {
    return this.at >= this.view.byteLength;
  }

  u8(): number {
    return this.view.getUint8(this.at++);
  }

  u16(): number {
    this.at += 2;
    return this.view.getUint16(this.at - 2);
  }

  i32(): number {
    this.at += 4;
    return this.view.getInt32(this.at - 4);
  }

  f64(): number {
    this.at += 8;
    return this.view.getFloat64(this.at - 8);
  }

  i32s(into: { readonly length: number; [index: number]: number }): void {
    for (let i = 0; i < into.length; i++) into[i] = this.view.getInt32(this.at + 4 * i);
    this.at += 4 * into.length;
  }

  /** What `Writer.block` wrote, in place. */
  block(): DataView {
    const length = this.u16();
    this.at += length;
    return new DataView(this.view.buffer, this.view.byteOffset + this.at - length, length);
  }
}
