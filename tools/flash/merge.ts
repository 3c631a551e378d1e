/** `flash merge`: everything in one file from address 0, for other tools, and a manifest for esp-web-tools beside it. */
import { writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { UsageError, writeReason } from '../cli/errors.ts';
import { readDescription } from './app-image.ts';
import { type FlashImage, webFamily } from './image.ts';

export interface Merged {
  file: string;
  manifest: string;
  size_bytes: number;
}

export function mergedImage({ regions }: FlashImage): Uint8Array {
  const end = Math.max(...regions.map(({ address, data }) => address + data.length));
  const whole = new Uint8Array(end).fill(0xff);
  for (const { address, data } of regions) whole.set(data, address);
  return whole;
}

/** https://esphome.github.io/esp-web-tools: one build a chip, its parts by offset. */
function manifestOf(image: FlashImage, file: string, name: string): object {
  const app = image.regions.find(({ role }) => role === 'application');
  const description = app === undefined ? undefined : readDescription(app.data);
  return {
    name: name === '' ? (description?.project ?? 'firmware') : `LVS node on ${name}`,
    version: description?.version ?? '',
    new_install_prompt_erase: true,
    builds: [{ chipFamily: webFamily(image.chip), parts: [{ path: basename(file), offset: 0 }] }],
  };
}

/**
 * @param to the file, from `cwd`; '' for merged.bin beside the image
 * @throws UsageError when it cannot be written
 */
export function merge(image: FlashImage, to: string, cwd: string, boardName: string): Merged {
  const file = to === '' ? join(image.folder, 'merged.bin') : resolve(cwd, to);
  const manifest = `${file.replace(/\.bin$/, '')}.manifest.json`;
  const whole = mergedImage(image);
  try {
    writeFileSync(file, whole);
    writeFileSync(manifest, `${JSON.stringify(manifestOf(image, file, boardName), null, 2)}\n`);
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${writeReason(error)}`);
  }
  return { file, manifest, size_bytes: whole.length };
}
