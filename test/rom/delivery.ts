/** Brings what the device has sent to the host: at once, or at the pace that was asked for. */
import type { Wire } from './wire.ts';

interface Parcel {
  bytes: Buffer;
  at_us: number;
}

export class Delivery {
  private readonly wire: Wire;
  private readonly pace: number;
  private readonly hand: (bytes: Buffer) => void;
  private waiting: Parcel[] = [];
  private due_ms = 0;

  /** @param pace real microseconds for each one in the model */
  constructor(wire: Wire, pace: number, hand: (bytes: Buffer) => void) {
    this.wire = wire;
    this.pace = pace;
    this.hand = hand;
  }

  send(bytes: Buffer, at_us: number): void {
    this.waiting.push({ bytes, at_us });
    if (this.pace === 0) {
      // Not within the call that wrote: a host may have more to write before it reads.
      if (this.waiting.length === 1) setImmediate(() => this.handOver(this.waiting.length));
      return;
    }
    const wait_ms = (Math.max(0, at_us - this.wire.clock_us) * this.pace) / 1000;
    this.due_ms = Math.max(this.due_ms, Date.now() + wait_ms);
    setTimeout(() => this.handOver(1), this.due_ms - Date.now());
  }

  private handOver(count: number): void {
    const parcels = this.waiting.splice(0, count);
    for (const { bytes, at_us } of parcels) {
      this.wire.hostHas(at_us);
      if (bytes.length > 0) this.hand(bytes);
    }
  }
}
