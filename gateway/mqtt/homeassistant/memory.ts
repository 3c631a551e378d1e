/** What a gateway remembers of its device in Home Assistant, in a small file of its state folder: its id, and where it was announced. */

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { AnnouncedTopics } from './announcer.ts';
import { deviceId } from './ids.ts';

export interface DeviceMemory extends AnnouncedTopics {
  /** The id of the first start, whatever the site is called now. */
  readonly device: string;
}

interface Remembered {
  device: string;
  topics: string[];
}

function read(file: string): Remembered | null {
  try {
    const found = JSON.parse(readFileSync(file, 'utf8')) as Partial<Remembered> | null;
    const { device, topics } = found ?? {};
    if (typeof device !== 'string' || !/^[a-zA-Z0-9_-]{1,64}$/.test(device) || !Array.isArray(topics)) return null;
    return { device, topics: topics.filter((topic) => typeof topic === 'string' && /^[^+#]+\/config$/.test(topic)) };
  } catch {
    // Not there yet, or torn: the id then follows from the site's name once more.
    return null;
  }
}

/** @param onTrouble is told when the file cannot be written: the device then has a new id after a rename, and no other harm comes of it */
export function openDeviceMemory(file: string, site: string, onTrouble: (error: unknown) => void): DeviceMemory {
  const found = read(file);
  const device = found?.device ?? deviceId(site);
  let topics = found?.topics ?? [];
  return {
    device,
    load: () => topics,
    save: (changed) => {
      topics = changed;
      try {
        writeFileSync(`${file}.new`, `${JSON.stringify({ device, topics })}\n`);
        renameSync(`${file}.new`, file);
      } catch (error) {
        onTrouble(error);
      }
    },
  };
}
