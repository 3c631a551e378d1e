/**
 * What objects take in XS, by counting those that a node consists of. Slots are of one number on every machine; chunks
 * (what arrays and buffers hold) depend on the size of a slot and of a pointer.
 *
 * Slots of each kind, measured in XS 13 and the same in Moddable SDK 8.2.3 where that was measured (`Uint8Array(1024)` takes 7
 * slots and 1,032 bytes): an object 1 and one a property, numbers and booleans inside it; an array 2; an ArrayBuffer 3;
 * a typed array 4 and a DataView 3 besides their buffer; a function 9 (7 on the device, where no debugger wants its name).
 */

const OBJECT_SLOTS = 1;
const ARRAY_SLOTS = 2;
const BUFFER_SLOTS = 3;
const TYPED_ARRAY_SLOTS = 4;
const DATA_VIEW_SLOTS = 3;
const FUNCTION_SLOTS = 9;

export interface Layout {
  slot_bytes: number;
  chunk_head_bytes: number;
  /** Chunks are rounded up to a multiple of this. */
  chunk_step_bytes: number;
}

/** Of the chips: RV32 and Xtensa. */
export const LAYOUT_32: Layout = { slot_bytes: 16, chunk_head_bytes: 8, chunk_step_bytes: 4 };
/** Of the XS engine on a laptop. */
export const LAYOUT_64: Layout = { slot_bytes: 32, chunk_head_bytes: 16, chunk_step_bytes: 8 };

export interface Footprint {
  slots: number;
  chunk_bytes: number;
}

export function bytesOf({ slots, chunk_bytes }: Footprint, layout: Layout): number {
  return slots * layout.slot_bytes + chunk_bytes;
}

/** What `roots` and everything that they lead to takes; nothing of what `others` are. */
export function footprint(roots: readonly unknown[], others: readonly unknown[], layout: Layout): Footprint {
  const seen = new Set(others);
  const found: Footprint = { slots: 0, chunk_bytes: 0 };
  const waiting = [...roots];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') addChunk(found, layout, value.length + 1);
    if (!isThing(value) || seen.has(value)) continue;
    seen.add(value);
    waiting.push(...addThing(found, layout, value));
  }
  return found;
}

function isThing(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function addChunk(found: Footprint, layout: Layout, bytes: number): void {
  if (bytes === 0) return;
  const step = layout.chunk_step_bytes;
  found.chunk_bytes += layout.chunk_head_bytes + Math.ceil(bytes / step) * step;
}

/** Adds one object; what it leads to comes back. */
function addThing(found: Footprint, layout: Layout, thing: object): unknown[] {
  if (thing instanceof ArrayBuffer) {
    found.slots += BUFFER_SLOTS;
    addChunk(found, layout, thing.byteLength);
    return [];
  }
  if (ArrayBuffer.isView(thing)) {
    found.slots += thing instanceof DataView ? DATA_VIEW_SLOTS : TYPED_ARRAY_SLOTS;
    return [thing.buffer];
  }
  if (Array.isArray(thing)) {
    found.slots += ARRAY_SLOTS;
    addChunk(found, layout, thing.length * layout.slot_bytes);
    return thing;
  }
  if (typeof thing === 'function') {
    found.slots += FUNCTION_SLOTS;
    return [];
  }
  const values: unknown[] = Object.values(thing);
  found.slots += OBJECT_SLOTS + values.length;
  return values;
}
