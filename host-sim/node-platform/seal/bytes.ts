/** `size` bytes of the view from `at` on, not copied. */
export function bytesOf(view: DataView, at: number, size: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, size);
}
