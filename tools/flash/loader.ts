/** esptool-js's loader, remembering why a connection failed, and the few packets that it lacks or gets wrong. */
import { CustomReset, ESPLoader, type ResetStrategy } from 'esptool-js';
import type { BoardTransport } from './transport.ts';

/** The rate that a ROM loader starts with. */
export const ROM_BAUD = 115_200;

/**
 * Pulls EN low for 0.1 s with IO0 let go, so that the application starts. The library's own way only lets EN go, and
 * with DTR still set from entering the loader RTS would not reach EN: the two lines cancel each other on the board.
 */
const HARD_RESET = 'D0|R1|W100|R0';
const HARD_RESET_OTG = 'D0|R1|W200|R0|W200';

/** Commands of the ROM that the library has no method for. Numbers from Espressif's serial protocol, "Commands". */
const SPI_SET_PARAMS = 0x0b;
const READ_FLASH_SLOW = 0x0e;
const SLOW_READ_BYTES = 64;

/**
 * How long a slow flash may take, by the maxima of datasheets (Winbond W25Q32JV and W25Q128JV: 400 ms a sector of 4 KB,
 * 2 s a block of 64 KB, 200 s a chip); esptool's own figures are for typical ones.
 */
const ERASE_MS_PER_MB = 60_000;
const ERASE_WRITE_MS_PER_MB = 100_000;
const CHIP_ERASE_MS = 240_000;
const FLASH_TIMEOUT_MIN_MS = 6000;

/** Chips whose ROM takes no fifth word (whether to encrypt) with FLASH_DEFL_BEGIN. */
const WITHOUT_ENCRYPTION_WORD = ['ESP32', 'ESP8266'];

function words(...values: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

export class BoardLoader extends ESPLoader {
  /** What the last attempt to connect came to, in the library's words. */
  lastAttempt = '';
  /** What is to be written into registers, before whatever comes next. */
  private heldWrites: Uint8Array[] = [];

  constructor(transport: BoardTransport, trace: ((line: string) => void) | undefined) {
    const write = (line: string): void => trace?.(line);
    super({
      transport,
      baudrate: ROM_BAUD,
      terminal: { clean: () => undefined, write, writeLine: write },
      debugLogging: trace !== undefined,
      resetConstructors: {
        hardReset: (lines, otg) => new CustomReset(lines, otg === true ? HARD_RESET_OTG : HARD_RESET) as never,
      },
    });
    this.ERASE_REGION_TIMEOUT_PER_MB = ERASE_MS_PER_MB;
    this.ERASE_WRITE_TIMEOUT_PER_MB = ERASE_WRITE_MS_PER_MB;
    this.CHIP_ERASE_TIMEOUT = CHIP_ERASE_MS;
  }

  override timeoutPerMb(ms_per_mb: number, size_bytes: number): number {
    return Math.max(FLASH_TIMEOUT_MIN_MS, super.timeoutPerMb(ms_per_mb, size_bytes));
  }

  override async _connectAttempt(mode: string | undefined, strategy: ResetStrategy | null): Promise<string> {
    this.lastAttempt = await super._connectAttempt(mode, strategy);
    return this.lastAttempt;
  }

  /**
   * Both of Espressif's stubs take any number of writes in one packet (their WRITE_REG), and the library sends a packet for
   * each: seven for the flash's id.
   */
  override async writeReg(address: number, value: number, mask = 0xffffffff, ...delays_us: number[]): Promise<void> {
    const [before_us = 0, after_us = 0] = delays_us;
    if (this.IS_STUB && after_us === 0) this.heldWrites.push(words(address, value, mask, before_us));
    else await super.writeReg(address, value, mask, before_us, after_us);
  }

  override async command(...request: Parameters<ESPLoader['command']>): Promise<[number, Uint8Array]> {
    const held = this.heldWrites.splice(0);
    if (held.length > 0) await this.checkCommand('write registers', this.ESP_WRITE_REG, Buffer.concat(held));
    return await super.command(...request);
  }

  /** The ROM does not drive the flash unless told to; its packet is twice as long as the stub's, which the library sends. */
  async attachFlashByRom(): Promise<void> {
    await this.checkCommand('attach the flash', this.ESP_SPI_ATTACH, words(0, 0));
  }

  /** Tells the loader how large the flash is: the ROM takes 2 MB or 4 MB for granted, the stub 16 MB. */
  async setFlashSize(size_bytes: number): Promise<void> {
    await this.checkCommand('set the flash size', SPI_SET_PARAMS, words(0, size_bytes, 0x10000, 0x1000, 0x100, 0xffff));
  }

  /** Both in bytes, and multiples of 4,096. */
  async eraseByStub(address: number, length: number): Promise<void> {
    const timeout_ms = this.timeoutPerMb(this.ERASE_REGION_TIMEOUT_PER_MB, length);
    await this.checkCommand('erase', this.ESP_ERASE_REGION, words(address, length), 0, 0, timeout_ms);
  }

  /** @returns at most 64 bytes; the ROM gives no more at once */
  async readByRom(address: number, length: number): Promise<Uint8Array> {
    const wanted = Math.min(length, SLOW_READ_BYTES);
    const data = await this.checkCommand('read flash', READ_FLASH_SLOW, words(address, wanted), 0, SLOW_READ_BYTES);
    return (data as Uint8Array).slice(0, wanted);
  }

  /** The library leaves out the fifth word for chips newer than the ESP32-C3, and their ROM then refuses the packet. */
  override async flashDeflBegin(size_bytes: number, compressed_bytes: number, address: number): Promise<number> {
    if (this.IS_STUB || WITHOUT_ENCRYPTION_WORD.includes(this.chip.CHIP_NAME)) {
      return await super.flashDeflBegin(size_bytes, compressed_bytes, address);
    }
    const block = this.FLASH_WRITE_SIZE;
    const blocks = Math.ceil(compressed_bytes / block);
    const erase_bytes = Math.ceil(size_bytes / block) * block;
    const timeout_ms = this.timeoutPerMb(this.ERASE_REGION_TIMEOUT_PER_MB, erase_bytes);
    const packet = words(erase_bytes, blocks, block, address, 0);
    await this.checkCommand('begin to write', this.ESP_FLASH_DEFL_BEGIN, packet, 0, 0, timeout_ms);
    return blocks;
  }
}
