/**
 * The store port: two slots, each one value in flash. The state itself carries sequence and checksum
 * (firmware/shards/persist.ts), so a power cut in the middle of a write costs the slot that was being written.
 */

import type { StorePort } from '../../platform.ts';
import { DOMAIN_STATE, type Preferences } from './preferences.ts';

export interface SlotsOptions {
  io: Preferences;
}

export class Slots implements StorePort {
  readonly #io: Preferences;

  constructor({ io }: SlotsOptions) {
    this.#io = io;
  }

  read(slot: number, into: DataView): number {
    try {
      const value = this.#io.get(DOMAIN_STATE, nameOf(slot));
      if (!(value instanceof ArrayBuffer) || value.byteLength > into.byteLength) return 0;
      const bytes = new Uint8Array(into.buffer, into.byteOffset, value.byteLength);
      bytes.set(new Uint8Array(value));
      return value.byteLength;
    } catch {
      return 0;
    }
  }

  write(slot: number, from: DataView, length: number): boolean {
    try {
      const bytes = new Uint8Array(from.buffer, from.byteOffset, length);
      this.#io.set(DOMAIN_STATE, nameOf(slot), bytes.slice().buffer);
      return true;
    } catch {
      return false;
    }
  }
}

function nameOf(slot: number): string {
  return slot === 0 ? 'slot0' : 'slot1';
}
