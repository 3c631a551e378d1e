/** Programs loaded to RAM by MEM_BEGIN, MEM_DATA and MEM_END. Nothing of them is run: a whole one counts as the stub. */
import type { ChipModel } from './chips.ts';
import type { Problem } from './packets.ts';

interface Region {
  address: number;
  size_bytes: number;
  block_bytes: number;
  received_bytes: number;
  nextBlock: number;
}

export class Ram {
  private readonly chip: ChipModel;
  private regions: Region[] = [];
  private current: Region | undefined;

  constructor(chip: ChipModel) {
    this.chip = chip;
  }

  reset(): void {
    this.regions = [];
    this.current = undefined;
  }

  begin(size_bytes: number, blocks: number, block_bytes: number, address: number): Problem | undefined {
    if (blocks * block_bytes < size_bytes || !this.isRam(address, size_bytes)) return 'length';
    this.current = { address, size_bytes, block_bytes, received_bytes: 0, nextBlock: 0 };
    this.regions.push(this.current);
    return undefined;
  }

  data(size_bytes: number, block: number): Problem | undefined {
    const { current } = this;
    if (current === undefined) return 'notBegun';
    if (block !== current.nextBlock || size_bytes > current.block_bytes) return 'length';
    if (current.received_bytes + size_bytes > current.size_bytes) return 'tooMuch';
    current.nextBlock++;
    current.received_bytes += size_bytes;
    return undefined;
  }

  /** Whether a program that is whole, with all its data, begins here. */
  holdsProgram(entry: number): boolean {
    const whole = this.regions.every(({ received_bytes, size_bytes }) => received_bytes === size_bytes);
    return whole && this.regions.some(({ address, size_bytes }) => entry >= address && entry < address + size_bytes);
  }

  private isRam(address: number, size_bytes: number): boolean {
    return this.chip.ram.some(([from, end]) => address >= from && address + size_bytes <= end);
  }
}
