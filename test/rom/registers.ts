/** What READ_REG and WRITE_REG reach: eFuses, the UART's divider, RAM, and the SPI controller that talks to the flash. */
import type { ChipModel } from './chips.ts';

const MAGIC_REGISTER = 0x40001000;
const CRYSTAL_HZ = 40e6;

const SPI_CMD_USR = 1 << 18;
const COMMAND_RDID = 0x9f;
/** Nothing drives the line: all bits read as ones. */
const FLOATING = 0xffffff;

export class Registers {
  private readonly chip: ChipModel;
  private readonly fixed: Map<number, number>;
  private readonly written = new Map<number, number>();
  /** The flash's answer to RDID, or undefined while its pins are not connected. */
  private readonly jedecId: () => number | undefined;
  private readonly baud: () => number;

  constructor(
    chip: ChipModel,
    fixed: Map<number, number>,
    around: { jedecId: () => number | undefined; baud: () => number; usbPort: boolean },
  ) {
    this.chip = chip;
    this.fixed = fixed.set(MAGIC_REGISTER, chip.magic);
    const { portInUse } = chip;
    if (portInUse !== undefined && around.usbPort) this.fixed.set(portInUse.address, portInUse.usbSerialJtag);
    this.jedecId = around.jedecId;
    this.baud = around.baud;
  }

  /** What a reset leaves: what was written is gone. */
  reset(): void {
    this.written.clear();
  }

  read(address: number): number {
    if (address === this.chip.uartClockDivider) return Math.round(CRYSTAL_HZ / this.baud());
    return (this.fixed.get(address) ?? this.written.get(address) ?? 0) >>> 0;
  }

  write(address: number, value: number, mask: number): void {
    const word = (value & mask) | (this.read(address) & ~mask);
    this.written.set(address, word >>> 0);
    if (address === this.chip.spi.base && (word & SPI_CMD_USR) !== 0) this.runSpiCommand();
  }

  /** The controller sends the command of its USR2 register, and puts what comes back into W0. */
  private runSpiCommand(): void {
    const { base, usr2, w0 } = this.chip.spi;
    const command = this.read(base + usr2) & 0xffff;
    const id = this.jedecId();
    this.written.set(base + w0, command !== COMMAND_RDID ? 0 : (id ?? FLOATING));
    this.written.set(base, this.read(base) & ~SPI_CMD_USR);
  }
}
