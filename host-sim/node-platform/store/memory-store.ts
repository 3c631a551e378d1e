/** The store port without a folder: what the node knew is there as long as the process is, for a change of settings. */
import type { StorePort } from '../../../firmware/node.ts';

export function memoryStore(): StorePort {
  const slots = [new Uint8Array(0), new Uint8Array(0)];
  return {
    read: (slot, into) => {
      const content = slots[slot];
      if (content.length > into.byteLength) return 0;
      new Uint8Array(into.buffer, into.byteOffset, into.byteLength).set(content);
      return content.length;
    },
    write: (slot, from, length) => {
      slots[slot] = Uint8Array.from(new Uint8Array(from.buffer, from.byteOffset, length));
      return true;
    },
  };
}
