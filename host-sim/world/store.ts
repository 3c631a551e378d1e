/** A node's flash: two slots that survive its restart, as far as the scenario lets them. */

import type { StorePort } from '../../firmware/node.ts';
import type { Random } from './random.ts';

export class MemoryStore implements StorePort {
  private readonly slots: Uint8Array[] = [new Uint8Array(0), new Uint8Array(0)];
  private newest = 1;

  read(slot: number, into: DataView): number {
    const bytes = this.slots[slot];
    const length = Math.min(bytes.length, into.byteLength);
    for (let i = 0; i < length; i++) into.setUint8(i, bytes[i]);
    return length;
  }

  write(slot: number, from: DataView, length: number): boolean {
    this.slots[slot] = new Uint8Array(from.buffer.slice(from.byteOffset, from.byteOffset + length));
    this.newest = slot;
    return true;
  }

  lose(): void {
    this.slots.fill(new Uint8Array(0));
  }

  /** The power went in the middle of the next write: the older slot holds a part of it, and then noise. */
  tear(random: Random): void {
    const whole = this.slots[this.newest];
    const torn = Uint8Array.from(whole);
    for (let i = random.below(whole.length + 1); i < torn.length; i++) torn[i] = random.word() & 0xff;
    this.slots[1 - this.newest] = torn;
  }
}
