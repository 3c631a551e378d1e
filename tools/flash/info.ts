/** `flash info`: what a board is and what it holds. */
import { textTable } from '../cli/table.ts';
import { APP_HEAD_BYTES, type AppDescription, readDescription } from './app-image.ts';
import type { ChipFacts } from './facts.ts';
import { hex } from './image.ts';
import { findRunning, OTADATA_BYTES } from './ota.ts';
import type { BinaryPartition } from './partition-table.ts';
import { securityText } from './security.ts';
import type { BoardAtWork } from './session.ts';

export interface BoardInfo extends ChipFacts {
  port: string;
  /** `ESP32-C3 (QFN32) (revision v0.4)` */
  description: string;
  features: string[];
  partitions: BinaryPartition[];
  /** The application that starts next, and what it says about itself. */
  running: { partition: string; offset: number; state: string; application: AppDescription | undefined } | undefined;
}

export async function readInfo(board: BoardAtWork): Promise<BoardInfo> {
  const { facts, device, path } = board;
  const known = { ...facts, port: path };
  if (facts.security.secureDownload) {
    return { ...known, description: facts.family, features: [], partitions: [], running: undefined };
  }
  const description = await device.over('asking', async (loader) => await loader.chip.getChipDescription(loader));
  const features = await device.over('asking', async (loader) => await loader.chip.getChipFeatures(loader));
  const partitions = await board.partitions();
  const otadata = partitions.find(({ type, subtype }) => type === 'data' && subtype === 'ota');
  const marks =
    otadata === undefined
      ? new Uint8Array(0)
      : await board.readRegion(otadata.offset, Math.min(otadata.size, OTADATA_BYTES));
  const running = findRunning(partitions, marks);
  if (running === undefined) return { ...known, description, features, partitions, running };
  const { name, offset } = running.partition;
  const application = readDescription(await board.readRegion(offset, APP_HEAD_BYTES));
  return {
    ...known,
    description,
    features,
    partitions,
    running: { partition: name, offset, state: running.state, application },
  };
}

function runningText({ running, partitions }: BoardInfo): string {
  if (running === undefined) return partitions.length === 0 ? 'no partition table' : 'no partition for an application';
  const { partition, state, application } = running;
  const where = `in ${partition}${state === '' ? '' : `, ${state}`}`;
  if (application === undefined) return `none (${where})`;
  const { project, version, built, idf } = application;
  return `${project} ${version}, built ${built}, ESP-IDF ${idf} (${where})`;
}

/** For people; `--json` gives the object as it is. */
export function infoText(info: BoardInfo): string {
  const { security } = info;
  const secured = securityText(security);
  const lines: [string, string][] = [
    ['port', info.port],
    ['chip', info.description],
    ['features', info.features.join(', ')],
    ['MAC', info.mac],
    ['flash', info.flash_bytes === 0 ? 'does not say' : `${info.flash_bytes / 0x100000} MB`],
    ['security', secured === '' ? 'none: no secure boot, no flash encryption' : secured],
    ['application', security.flashEncryption ? 'encrypted' : runningText(info)],
  ];
  const facts = lines.filter(([, value]) => value !== '').map(([name, value]) => `${name.padEnd(12)} ${value}\n`);
  if (info.partitions.length === 0) return facts.join('');
  const rows = info.partitions.map(({ name, type, subtype, offset, size }) => [
    name,
    `${type}/${subtype}`,
    hex(offset),
    hex(size),
  ]);
  return `${facts.join('')}\n${textTable({ columns: ['partition', 'type', 'offset', 'size'], rows })}`;
}
