/**
 * What the node's tables take of the chip's memory, counted on the tables themselves: the bundle makes a node here with
 * the board's settings, and each object, array and buffer in it is counted at what it costs in XS on a 32-bit chip
 * (measured on the ESP32-C3 with Moddable SDK 8.2.3).
 */
import type * as Firmware from '../../firmware/node.ts';

export const SLOT_BYTES = 16;
const OBJECT_SLOTS = 1;
const ARRAY_SLOTS = 2;
const TYPED_ARRAY_SLOTS = 7;
const DATA_VIEW_SLOTS = 6;
const CHUNK_HEAD_BYTES = 8;

export interface Heap {
  slots: number;
  chunk_bytes: number;
  bytes: number;
}

/** Everything that can be reached, each thing once; functions lie in flash. */
export function countHeap(root: object): Heap {
  const seen = new Set<object>();
  const heap = { slots: 0, chunk_bytes: 0 };
  const waiting: object[] = [root];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    if (seen.has(one)) continue;
    seen.add(one);
    if (ArrayBuffer.isView(one)) {
      heap.slots += one instanceof DataView ? DATA_VIEW_SLOTS : TYPED_ARRAY_SLOTS;
      heap.chunk_bytes += CHUNK_HEAD_BYTES + one.byteLength;
      continue;
    }
    const values: unknown[] = Object.values(one);
    if (Array.isArray(one)) {
      heap.slots += ARRAY_SLOTS;
      heap.chunk_bytes += CHUNK_HEAD_BYTES + SLOT_BYTES * values.length;
    } else {
      heap.slots += OBJECT_SLOTS + values.length;
    }
    for (const value of values) if (typeof value === 'object' && value !== null) waiting.push(value);
  }
  return { ...heap, bytes: heap.slots * SLOT_BYTES + heap.chunk_bytes };
}

const idlePort = (): number => 0;

/** The ports are counted too: on a device they are objects of about this size. */
function idlePlatform(): Firmware.Platform {
  return {
    clock: { ticks_ms: idlePort, epoch_ms: idlePort },
    datagrams: { send: () => false },
    medium: null,
    store: { read: idlePort, write: () => false },
    random: { word: idlePort },
    sensors: { read: idlePort },
    seal: null,
    vitals: { battery: idlePort, load: idlePort },
    log: { event: () => undefined },
  };
}

/** What a node with these settings takes once it is made; a steady cycle adds nothing. */
export function nodeHeap(firmware: typeof Firmware, settings: Firmware.Settings): Heap {
  return countHeap(firmware.createNode(idlePlatform(), settings).parts);
}
