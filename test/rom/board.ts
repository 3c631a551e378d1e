/** A board on the desk: adapter, cable, reset circuit, chip and flash, with faults on demand. README.md tells its use. */
import type { AdapterName } from './adapters.ts';
import { bootReport } from './boot.ts';
import type { BootReport } from './boot.ts';
import { CHIPS } from './chips.ts';
import type { ChipModel, ChipName } from './chips.ts';
import { Delivery } from './delivery.ts';
import { Device } from './device.ts';
import type { Mode, ResetCause } from './device.ts';
import { LINK_FAULTS, NO_FAULTS } from './faults.ts';
import type { Faults } from './faults.ts';
import { FlashChip } from './flash-chip.ts';
import { Link } from './link.ts';
import { randomFrom } from './random.ts';
import type { Random } from './random.ts';
import { classicCircuit, io0IsLow, usbSerialJtagCircuit } from './reset-lines.ts';
import type { Lines, ResetCircuit } from './reset-lines.ts';
import { Wire } from './wire.ts';

export interface BoardOptions {
  chip: ChipName;
  path?: string;
  adapter?: AdapterName;
  serialNumber?: string;
  mac?: string;
  /** A power of two. */
  flashSize_bytes?: number;
  /** First contents, from address 0. */
  flash?: Uint8Array;
  /** As if the boot button were held at power-up. */
  startsInDownloadMode?: boolean;
  /** What the application prints when it has started. */
  output?: readonly string[];
  /** Real microseconds for each one in the model; 0 answers at once. */
  pace?: number;
  seed?: number;
  faults?: Partial<Faults>;
}

/** Who holds the port. */
export interface HostEnd {
  data: (bytes: Buffer) => void;
  /** The port is gone. */
  lost: () => void;
}

/** The capacitor at EN: it rises so long after both lines have changed, however the host sets them. Real time. */
const EN_RISES_MS = 2;

export class Board {
  readonly chip: ChipModel;
  readonly flash: FlashChip;
  readonly wire: Wire;
  readonly faults: Faults;
  readonly adapter: AdapterName;
  readonly serialNumber: string;
  path: string;
  private readonly firstMode: boolean;
  private readonly random: Random;
  private readonly link: Link;
  private readonly device: Device;
  private readonly circuit: ResetCircuit;
  private readonly delivery: Delivery;
  private lines: Lines = { dtr: false, rts: false };
  private host: HostEnd | undefined;
  private host_baud = 115200;
  private present = true;
  private enTimer: NodeJS.Timeout | undefined;

  /** @throws RangeError for a board that cannot be */
  constructor(options: BoardOptions) {
    const { chip, adapter = 'cp2102', seed = 1, flashSize_bytes = 0x400000 } = options;
    const isUsb = adapter === 'usb-serial-jtag';
    if (isUsb && (chip === 'esp32' || chip === 'esp32s2')) throw new RangeError(`${chip} has no USB-Serial-JTAG`);
    if (chip === 'esp32' && options.faults?.secureDownload === true) {
      throw new RangeError('esp32 has no secure download mode');
    }
    this.chip = CHIPS[chip];
    this.adapter = adapter;
    this.path = options.path ?? '/dev/ttyUSB0';
    this.serialNumber = options.serialNumber ?? '0001';
    this.firstMode = options.startsInDownloadMode ?? false;
    this.faults = { ...NO_FAULTS, ...options.faults };
    this.random = randomFrom(seed);
    this.flash = new FlashChip(flashSize_bytes, options.flash, () => this.faults.eraseSlowdown);
    this.wire = new Wire(isUsb);
    this.link = new Link(this.faults, this.random);
    this.circuit = isUsb ? usbSerialJtagCircuit() : classicCircuit();
    this.delivery = new Delivery(this.wire, options.pace ?? 0, (bytes) => this.host?.data(bytes));
    this.device = new Device({
      chip: this.chip,
      flash: this.flash,
      faults: this.faults,
      mac: options.mac ?? '24:0a:c4:01:02:03',
      random: this.random,
      isUsb,
      output: options.output ?? [],
      send: (bytes, ready_us) => this.deviceSends(bytes, ready_us),
      clock_us: () => this.wire.clock_us,
      restarted: () => this.vanish(),
    });
    this.device.start(this.firstMode, 'powerOn');
  }

  get mode(): Mode {
    return this.device.mode;
  }

  /** Whether its port is there to be listed and opened. */
  get isPresent(): boolean {
    return this.present;
  }

  /** Whether a host holds the port. */
  get isOpen(): boolean {
    return this.host !== undefined;
  }

  boots(): boolean {
    return this.bootReport().boots;
  }

  bootReport(): BootReport {
    return bootReport(this.flash.bytes, this.chip, this.faults);
  }

  /** The loader is in mask ROM, so it is there whatever the flash holds; only a way to it is needed. */
  acceptsFlash(): boolean {
    return this.present && this.device.mode !== 'off' && (!this.faults.noAutoReset || this.device.mode !== 'app');
  }

  /** A new cable, and power: what the link and the power had done to it is over, and the chip starts. */
  replug(): void {
    for (const fault of LINK_FAULTS) this.faults[fault] = NO_FAULTS[fault];
    this.link.renew();
    this.present = true;
    this.device.start(this.firstMode, 'powerOn');
  }

  unplug(): void {
    this.flash.tear(this.wire.clock_us, this.random);
    this.device.powerOff();
    this.losePort();
  }

  /** The buttons: reset, or reset while boot is held. */
  press(button: 'reset' | 'boot'): void {
    this.start(button === 'boot', 'powerOn');
  }

  /** The application prints a line. */
  say(line: string): void {
    this.print(`${line}\r\n`);
  }

  /** The application prints this as it stands. */
  print(text: string): void {
    this.device.print(text);
  }

  /** The application prints this as it stands, and the chip restarts. */
  panic(text: string): void {
    this.print(text);
    this.restart(false, 'watchdog');
  }

  open(host: HostEnd, baud: number): void {
    this.host = host;
    this.host_baud = baud;
    // Linux asserts both lines when a port is opened.
    this.setLines({ dtr: true, rts: true });
  }

  close(): void {
    this.host = undefined;
    this.setLines({ dtr: false, rts: false });
  }

  setBaud(baud: number): void {
    this.host_baud = baud;
  }

  hostWrites(bytes: Buffer): void {
    const rates = { host_baud: this.host_baud, device_baud: this.device.rateFor(this.host_baud) };
    const start_us = this.wire.hostSends(bytes.length, this.host_baud);
    const byte_us = this.wire.byte_us(this.host_baud);
    const { bytes: through, cutAt } = this.link.toDevice(bytes, rates);
    this.device.receive(through, start_us, byte_us);
    if (cutAt !== undefined) this.cut(start_us + cutAt * byte_us);
  }

  setLines(lines: Lines): void {
    this.lines = lines;
    if (this.faults.noAutoReset || this.device.mode === 'off') return;
    const effect = this.circuit.change(lines);
    if (effect === 'hold') this.holdEn();
    else if (effect === 'release') this.releaseEn();
    else if (effect !== 'nothing') this.restart(effect === 'reset-to-download', 'usb');
  }

  private holdEn(): void {
    clearTimeout(this.enTimer);
    this.flash.abandon(this.wire.clock_us);
    this.device.hold();
  }

  private releaseEn(): void {
    clearTimeout(this.enTimer);
    this.enTimer = setTimeout(() => this.restart(io0IsLow(this.lines), 'powerOn'), EN_RISES_MS);
  }

  /** A reset that comes by the lines, with IO0 as it is wired. */
  private restart(intoDownload: boolean, cause: ResetCause): void {
    const { io0 } = this.faults;
    this.start(io0 === undefined ? intoDownload : io0 === 'stuckLow', cause);
  }

  private start(intoDownload: boolean, cause: ResetCause): void {
    if (this.device.mode === 'off') return;
    this.flash.abandon(this.wire.clock_us);
    this.vanish();
    this.device.start(intoDownload, cause);
  }

  private cut(at_us: number): void {
    const { powerCutAfterToDevice_bytes, unplugAfterToDevice_bytes } = this.faults;
    const gone = this.link.toDeviceCount_bytes;
    if (Math.min(powerCutAfterToDevice_bytes, unplugAfterToDevice_bytes) > gone) return;
    this.flash.tear(at_us, this.random);
    this.device.powerOff();
    if (unplugAfterToDevice_bytes <= gone) this.losePort();
  }

  private vanish(): void {
    const { vanishesOnReset } = this.faults;
    if (vanishesOnReset === undefined) return;
    this.losePort();
    setTimeout(() => {
      this.path = vanishesOnReset.comesBackAs ?? this.path;
      this.present = true;
    }, vanishesOnReset.for_ms);
  }

  private losePort(): void {
    this.present = false;
    const { host } = this;
    this.host = undefined;
    this.lines = { dtr: false, rts: false };
    host?.lost();
  }

  /** @returns when the last byte has left */
  private deviceSends(bytes: Buffer, ready_us: number): number {
    // While no program has the port open, the computer throws away what comes.
    if (this.host === undefined) return ready_us;
    const device_baud = this.device.rateFor(this.host_baud);
    const there_us = this.wire.deviceSends(bytes.length, device_baud, ready_us);
    const through = this.link.fromDevice(bytes, { host_baud: this.host_baud, device_baud });
    this.delivery.send(through, there_us);
    return there_us;
  }
}
