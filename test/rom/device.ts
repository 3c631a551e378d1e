/** The chip: powered or not, in its loader or in its application, and what it prints on the way. */
import { bootReport } from './boot.ts';
import type { ChipModel } from './chips.ts';
import { efuseWords } from './efuses.ts';
import type { Faults } from './faults.ts';
import type { FlashChip } from './flash-chip.ts';
import { Loader } from './loader.ts';
import { Ram } from './ram.ts';
import { Registers } from './registers.ts';
import { SlipReader } from './slip.ts';
import type { Random } from './random.ts';

export type Mode = 'off' | 'held' | 'download' | 'stub' | 'app' | 'hung';
export type ResetCause = 'powerOn' | 'watchdog' | 'usb';

const ROM_BAUD = 115200;

export interface DeviceParts {
  chip: ChipModel;
  flash: FlashChip;
  faults: Faults;
  mac: string;
  random: Random;
  isUsb: boolean;
  /** Lines of the application. */
  output: readonly string[];
  /** Puts bytes on the line at the device's rate. @returns when the last one has left */
  send: (bytes: Buffer, ready_us: number) => number;
  clock_us: () => number;
  /** The chip has restarted by itself. */
  restarted: () => void;
}

export class Device {
  private readonly parts: DeviceParts;
  private readonly loader: Loader;
  private readonly registers: Registers;
  private readonly ram: Ram;
  private readonly slip = new SlipReader();
  private state: Exclude<Mode, 'stub'> = 'off';
  private baud = ROM_BAUD;
  private heard = false;
  private noiseLeft = false;

  constructor(parts: DeviceParts) {
    const { chip, flash, faults, mac } = parts;
    this.parts = parts;
    this.ram = new Ram(chip);
    this.registers = new Registers(chip, efuseWords(chip, mac, faults), {
      jedecId: () => (this.loader.attached ? flash.jedecId : undefined),
      baud: () => this.baud,
      usbPort: parts.isUsb,
    });
    this.loader = new Loader({
      chip,
      faults,
      flash,
      registers: this.registers,
      ram: this.ram,
      send: (bytes, ready_us) => this.sendFirst(bytes, ready_us),
      setBaud: (baud) => (this.baud = baud),
      leave: (how) => this.leave(how),
    });
  }

  get mode(): Mode {
    return this.state === 'download' && this.loader.isStub ? 'stub' : this.state;
  }

  /** The rate at which the chip listens: a loader that has heard nothing yet takes the host's ("Initial Synchronisation"). */
  rateFor(host_baud: number): number {
    if (this.parts.isUsb) return host_baud;
    if (this.state === 'download' && !this.heard) this.baud = host_baud;
    return this.baud;
  }

  powerOff(): void {
    this.state = 'off';
  }

  /** EN is low. */
  hold(): void {
    this.state = 'held';
  }

  /** The chip comes out of reset. */
  start(intoDownload: boolean, cause: ResetCause): void {
    const { chip, clock_us } = this.parts;
    this.slip.reset();
    this.registers.reset();
    this.ram.reset();
    this.loader.reset();
    this.baud = ROM_BAUD;
    this.heard = false;
    this.noiseLeft = true;
    this.state = intoDownload ? 'download' : 'app';
    const boot = intoDownload ? chip.boot.download : chip.boot.flash;
    const waiting = intoDownload ? 'waiting for download\r\n' : '';
    this.parts.send(Buffer.from(`${chip.banner}${chip.reset[cause]},${boot}\r\n${waiting}`), clock_us());
    if (!intoDownload) this.runApplication();
  }

  /** @param start_us when the first byte begins to arrive @param byte_us how long each one takes */
  receive(bytes: Buffer, start_us: number, byte_us: number): void {
    if (this.state !== 'download') return;
    this.slip.read(bytes, (packet, index) => {
      // What comes in the same piece after a command that leaves the loader is for nobody.
      if (this.state === 'download') this.loader.receive(packet, start_us + (index + 1) * byte_us);
    });
  }

  print(text: string): void {
    if (this.state === 'app') this.parts.send(Buffer.from(text), this.parts.clock_us());
  }

  private runApplication(): void {
    const report = bootReport(this.parts.flash.bytes, this.parts.chip, this.parts.faults);
    this.print(report.lines.map((line) => `${line}\r\n`).join(''));
    if (report.boots) this.print(this.parts.output.map((line) => `${line}\r\n`).join(''));
  }

  private sendFirst(bytes: Buffer, ready_us: number): number {
    this.heard = true;
    const { noiseBeforeSync_bytes } = this.parts.faults;
    if (this.noiseLeft && noiseBeforeSync_bytes > 0) {
      const noise = Buffer.from(
        Array.from({ length: noiseBeforeSync_bytes }, () => Math.floor(this.parts.random() * 256)),
      );
      this.parts.send(noise, ready_us);
    }
    this.noiseLeft = false;
    return this.parts.send(bytes, ready_us);
  }

  private leave(how: 'reset' | 'run' | 'hang'): void {
    if (how === 'hang') {
      this.state = 'hung';
    } else if (how === 'run') {
      this.state = 'app';
      this.runApplication();
    } else {
      this.start(false, 'powerOn');
      this.parts.restarted();
    }
  }
}
