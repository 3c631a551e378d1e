/** A folder as a build leaves it, for tests and for whoever has no SDK to make one: an image that the model boots. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ChipName } from './chips.ts';
import type { Firmware } from './firmware.ts';

const NAMES = ['bootloader/bootloader.bin', 'partition_table/partition-table.bin', 'app.bin'];

/**
 * Writes `flasher_args.json` as ESP-IDF does, and the files that it names.
 *
 * @param other what goes into it over the usual
 */
export function writeImageFolder(folder: string, chip: ChipName, { regions }: Firmware, other: object = {}): void {
  const places = regions.map(({ address }, i) => ({ offset: `0x${address.toString(16)}`, file: NAMES[i] }));
  regions.forEach(({ data }, i) => {
    const path = join(folder, NAMES[i]);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, data);
  });
  const [bootloader, table, app] = places.map((place) => ({ ...place, encrypted: 'false' }));
  const args = {
    flash_settings: { flash_mode: 'dio', flash_size: '4MB', flash_freq: '40m' },
    flash_files: Object.fromEntries(places.map(({ offset, file }) => [offset, file])),
    bootloader,
    app,
    'partition-table': table,
    extra_esptool_args: { after: 'hard_reset', before: 'default_reset', stub: true, chip },
    ...other,
  };
  writeFileSync(join(folder, 'flasher_args.json'), `${JSON.stringify(args, null, 2)}\n`);
}
