/**
 * The time that bytes take, in the model's own clock. Nothing waits: a byte is 10 bits (start, eight, stop) at the
 * current rate, the adapter adds its share, the device its work, and the clock of the host is moved to where the last
 * byte reached it.
 */

const BITS_PER_BYTE = 10;

/** A full-speed USB frame is 1 ms, and bytes wait for the next one: half a frame in the mean, each way. */
const USB_WAIT_US = 500;

/** USB-Serial-JTAG has no UART: 64-byte packets of full-speed USB, some 600 kB/s at best. */
const USB_BYTE_US = 1.6;

export class Wire {
  toDevice_bytes = 0;
  fromDevice_bytes = 0;
  /** Times that the host has sent something and the device has then answered. */
  round_trips = 0;
  /** Time in which at least one of the two lines carried bits. */
  busy_us = 0;
  private readonly isUsb: boolean;
  /** The host's clock. */
  private now_us = 0;
  private since_us = 0;
  private lineFree_us = { toDevice: 0, fromDevice: 0 };
  private counted_us = 0;
  private hostSpokeLast = false;

  constructor(isUsb: boolean) {
    this.isUsb = isUsb;
  }

  get elapsed_us(): number {
    return this.latest_us - this.since_us;
  }

  get clock_us(): number {
    return this.now_us;
  }

  reset(): void {
    this.toDevice_bytes = 0;
    this.fromDevice_bytes = 0;
    this.round_trips = 0;
    this.busy_us = 0;
    this.since_us = this.latest_us;
  }

  byte_us(baud: number): number {
    return this.isUsb ? USB_BYTE_US : (BITS_PER_BYTE * 1e6) / baud;
  }

  /** @returns when the first byte begins to arrive at the device; byte `i` is there `(i + 1) * byte_us` later */
  hostSends(size_bytes: number, baud: number): number {
    const start_us = this.occupy('toDevice', size_bytes, baud, this.now_us);
    this.toDevice_bytes += size_bytes;
    this.hostSpokeLast = true;
    return start_us + USB_WAIT_US;
  }

  /** @returns when the last byte has reached the host, to be given to `hostHas` */
  deviceSends(size_bytes: number, baud: number, ready_us: number): number {
    const start_us = this.occupy('fromDevice', size_bytes, baud, ready_us);
    this.fromDevice_bytes += size_bytes;
    if (this.hostSpokeLast) this.round_trips++;
    this.hostSpokeLast = false;
    return start_us + size_bytes * this.byte_us(baud) + USB_WAIT_US;
  }

  hostHas(at_us: number): void {
    this.now_us = Math.max(this.now_us, at_us);
  }

  /** Bytes that nobody has answered yet have taken their time as well. */
  private get latest_us(): number {
    return Math.max(this.now_us, this.counted_us);
  }

  private occupy(line: 'toDevice' | 'fromDevice', size_bytes: number, baud: number, from_us: number): number {
    const start_us = Math.max(from_us, this.lineFree_us[line]);
    const end_us = start_us + size_bytes * this.byte_us(baud);
    this.lineFree_us[line] = end_us;
    this.busy_us += Math.max(0, end_us - Math.max(start_us, this.counted_us));
    this.counted_us = Math.max(this.counted_us, end_us);
    return start_us;
  }
}
