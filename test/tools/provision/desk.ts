/** A desk for tests: a folder, a board with a used settings partition, and `provision` run against it. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../../tools/cli/project-root.ts';
import { explain } from '../../../tools/cli/run-main.ts';
import type { Asker } from '../../../tools/provision/ask.ts';
import { boardsOf } from '../../../tools/provision/device.ts';
import { provisionMain } from '../../../tools/provision/main.ts';
import { thisSerialMachine } from '../../../tools/serial/machine.ts';
import { romBinding } from '../../rom/binding.ts';
import { Board, type BoardOptions } from '../../rom/board.ts';
import { codeLike, partitionTable } from '../../rom/firmware.ts';
import { keepSurroundings } from '../around.ts';
import { NvsDevice } from './nvs-device.ts';

export const NVS_AT = 0x3d0000;
/** Smaller than on the boards of this project: a test reads it in half the time. */
export const NVS_BYTES = 0x8000;
/** Fast enough for a model that answers at once. */
const PATIENCE = 0.05;

/** What Wi-Fi driver and node have left: none of the settings' business. */
export function usedNvs(): NvsDevice {
  const device = new NvsDevice(new Uint8Array(NVS_BYTES).fill(0xff));
  device.setNumber('phy', 'cal_version', 0x02, 4660);
  device.setBlob('phy', 'cal_data', codeLike(1904, 5));
  for (let i = 0; i < 9; i++) device.setBlob('lvs-state', `slot${i % 2}`, Buffer.alloc(300, i));
  device.setString('lvs-crash', 'why', 'watchdog');
  device.setString('nvs.net80211', 'opmode', 'sta');
  return device;
}

export interface Ran {
  code: number;
  out: string;
  err: string;
}

export class Desk {
  readonly root: string;
  readonly board: Board;

  constructor(options: Partial<BoardOptions> = {}) {
    // A project of its own, so that copies of partitions land in it.
    this.root = mkdtempSync(join(tmpdir(), 'lvs-provision-'));
    symlinkSync(join(projectRoot(), 'boards'), join(this.root, 'boards'));
    const flash = new Uint8Array(0x400000).fill(0xff);
    const table = partitionTable([
      { label: 'otadata', type: 1, subtype: 0, offset: 0x9000, size_bytes: 0x2000 },
      { label: 'ota_0', type: 0, subtype: 0x10, offset: 0x10000, size_bytes: 0x1e0000 },
      { label: 'ota_1', type: 0, subtype: 0x11, offset: 0x1f0000, size_bytes: 0x1e0000 },
      { label: 'nvs', type: 1, subtype: 2, offset: NVS_AT, size_bytes: NVS_BYTES },
    ]);
    flash.set(table, 0x8000);
    flash.set(usedNvs().flash, NVS_AT);
    this.board = new Board({ chip: 'esp32', path: '/dev/ttyUSB0', flash, ...options });
  }

  /** The partition in the board's flash. */
  get partition(): Buffer {
    return Buffer.from(this.board.flash.bytes.subarray(NVS_AT, NVS_AT + NVS_BYTES));
  }

  get device(): NvsDevice {
    return new NvsDevice(this.partition);
  }

  write(name: string, text: string | Uint8Array, mode = 0o600): string {
    writeFileSync(join(this.root, name), text, { mode });
    chmodSync(join(this.root, name), mode);
    return name;
  }

  read(name: string): Buffer {
    return readFileSync(join(this.root, name));
  }

  async run(argv: readonly string[], env: Record<string, string> = {}, asker?: Asker): Promise<Ran> {
    const around = keepSurroundings(env, this.root);
    const withBoard = boardsOf({
      binding: () => Promise.resolve(romBinding([this.board])),
      machine: thisSerialMachine(),
      env,
      cwd: this.root,
      root: this.root,
      signal: new AbortController().signal,
      now_ms: () => 0,
      patience: PATIENCE,
    });
    try {
      const code = await provisionMain(argv, around, this.root, { withBoard, asker });
      return { code, out: around.out(), err: around.err() };
    } catch (error) {
      const { lines, code } = explain('provision', error);
      return { code, out: around.out(), err: `${around.err()}${lines.join('\n')}\n` };
    }
  }

  clear(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
