/**
 * A board for as long as some work takes: reached, described, worked on, and started again at the end. The way in for
 * other tools, for example `provision`, which writes one partition:
 *
 *     await withDevice({ binding, machine, path }, async (device) => {
 *       const nvs = (await device.partitions()).find(({ name }) => name === 'nvs');
 *       const before = await device.readRegion(nvs.offset, nvs.size);
 *       await device.writeRegions([{ name: 'nvs', address: nvs.offset, data }]);
 *     });
 */
import type { Before } from 'esptool-js';
import type { SerialBinding } from '../serial/binding.ts';
import type { SerialMachine } from '../serial/machine.ts';
import type { SerialPortFound } from '../serial/ports.ts';
import { leaveInLoader } from './baud.ts';
import { Device } from './device.ts';
import type { ChipFacts } from './facts.ts';
import type { Emit } from './events.ts';
import { restart } from './link.ts';
import { type BinaryPartition, readPartitionTable, TABLE_BYTES, TABLE_OFFSET } from './partition-table.ts';
import type { Region } from './plan.ts';
import { type WriteReport, writeRegions } from './write.ts';

export interface SessionOptions {
  binding: SerialBinding;
  machine: SerialMachine;
  path: string;
  /** As `choosePort` gives it: a port that comes back under another name is known by its serial number. */
  found?: SerialPortFound | undefined;
  /** 921,600 where nothing is said; lower where the cable does not bear it. */
  baud?: number;
  stub?: boolean;
  before?: Before;
  /** `hard_reset` starts the application at the end, `no_reset` leaves the board in the loader. */
  after?: 'hard_reset' | 'no_reset';
  attempts?: number;
  /** board.json's `download_mode`, for the error when no loader answers. */
  buttonHint?: string;
  signal?: AbortSignal;
  emit?: Emit;
  now_ms?: () => number;
  trace?: ((line: string) => void) | undefined;
  /** Stretches or shrinks every wait for an answer; 1 but in tests. */
  patience?: number;
}

export interface BoardAtWork {
  /** Chip, MAC, size of the flash, what its eFuses forbid. */
  facts: ChipFacts;
  path: string;
  readRegion: (address: number, length: number, onProgress?: (bytes: number) => void) => Promise<Uint8Array>;
  /** Writes what differs, verified; addresses are multiples of 4,096, and what a sector holds behind the data is erased. */
  writeRegions: (regions: readonly Region[]) => Promise<WriteReport>;
  eraseRegion: (address: number, length: number) => Promise<void>;
  eraseAll: () => Promise<void>;
  /** What the flash's own partition table says; none where there is no table. */
  partitions: () => Promise<BinaryPartition[]>;
  device: Device;
}

export const DEFAULT_BAUD = 921_600;
/** As esptool. */
export const DEFAULT_ATTEMPTS = 7;

/**
 * @throws Failure: the codes of opening a port (tools/serial/exit-codes.ts) and of flashing (exit-codes.ts), and what
 * `work` throws. The board is started again in any case, if the port is still there.
 */
export async function withDevice<Result>(
  options: SessionOptions,
  work: (board: BoardAtWork) => Promise<Result>,
): Promise<Result> {
  const { emit = () => undefined, now_ms = () => performance.now(), after = 'hard_reset' } = options;
  const signal = options.signal ?? new AbortController().signal;
  const device = await Device.open({
    binding: options.binding,
    machine: options.machine,
    path: options.path,
    found: options.found,
    baud: options.baud ?? DEFAULT_BAUD,
    stub: options.stub ?? true,
    before: options.before ?? 'default_reset',
    attempts: options.attempts ?? DEFAULT_ATTEMPTS,
    buttonHint: options.buttonHint ?? '',
    patience: options.patience ?? 1,
    trace: options.trace,
    signal,
    emit,
    now_ms,
  });
  try {
    return await work({
      facts: device.facts,
      path: device.path,
      readRegion: async (address, length, onProgress) => await device.readRegion(address, length, onProgress),
      writeRegions: async (regions) => await writeRegions(regions, { device, emit, now_ms, signal }),
      eraseRegion: async (address, length) => await device.eraseRegion(address, length),
      eraseAll: async () => await device.eraseAll(),
      partitions: async () => readPartitionTable(await device.readRegion(TABLE_OFFSET, TABLE_BYTES)),
      device,
    });
  } finally {
    if (after === 'hard_reset') await restart(device.reached);
    else await leaveInLoader(device.reached, device.baud);
    await device.reached.port.close();
  }
}
