import { describe, expect, it } from 'vitest';
import { bytesOf, footprint, LAYOUT_32, LAYOUT_64 } from '../../../host-sim/memory/layout.ts';

/** In the chips' layout. */
const of = (...roots: unknown[]): { slots: number; chunk_bytes: number } => footprint(roots, [], LAYOUT_32);

describe('what objects take', () => {
  it('is what was measured on the chip', () => {
    expect(of(new Uint8Array(1024))).toEqual({ slots: 7, chunk_bytes: 1032 });
    const hundred = Array.from({ length: 100 }, () => ({ a: 1, b: 2, c: 3 }));
    expect(of(hundred).slots).toBe(402);
  });

  it('counts a slot for each property, and nothing for numbers in them', () => {
    expect(of({})).toEqual({ slots: 1, chunk_bytes: 0 });
    expect(of({ a: 1.5, b: true, c: null, d: undefined })).toEqual({ slots: 5, chunk_bytes: 0 });
  });

  it('counts what is shared once', () => {
    const buffer = new ArrayBuffer(64);
    expect(of(new Int32Array(buffer), new DataView(buffer))).toEqual({ slots: 4 + 3 + 3, chunk_bytes: 72 });
    const one = { a: 1 };
    expect(of([one, one]).slots).toBe(2 + 2);
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(of(circle).slots).toBe(2);
  });

  it('leaves out what is not the node', () => {
    const ports = { clock: {} };
    expect(footprint([{ ports }], [ports], LAYOUT_32)).toEqual({ slots: 2, chunk_bytes: 0 });
  });

  it('knows the size of array elements, strings, heads and steps in each layout', () => {
    expect(of([1, 2, 3]).chunk_bytes).toBe(8 + 3 * 16);
    expect(footprint([[1, 2, 3]], [], LAYOUT_64).chunk_bytes).toBe(16 + 3 * 32);
    expect(of('abcd').chunk_bytes).toBe(8 + 8);
    expect(of(new Uint8Array(5)).chunk_bytes).toBe(8 + 8);
    expect(footprint([new Uint8Array(9)], [], LAYOUT_64).chunk_bytes).toBe(16 + 16);
    expect(of([]).chunk_bytes).toBe(0);
  });

  it('comes to bytes', () => {
    expect(bytesOf({ slots: 10, chunk_bytes: 5 }, LAYOUT_32)).toBe(165);
  });
});
