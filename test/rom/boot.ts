/** What becomes of a start from flash: boot loader, partition table, and the application that is chosen. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ChipModel } from './chips.ts';
import type { Faults } from './faults.ts';
import { imageFault, imageVersion } from './image.ts';

const TABLE_ADDRESS = 0x8000;
const TABLE_BYTES = 0xc00;
const ENTRY_BYTES = 32;
const ENTRY_MAGIC = 0x50aa;
const MD5_MAGIC = 0xebeb;
const TABLE_END = 0xffff;

const TYPE_APP = 0;
const TYPE_DATA = 1;
const SUBTYPE_FACTORY = 0x00;
const SUBTYPE_OTA_0 = 0x10;
const SUBTYPE_OTA_15 = 0x1f;
const SUBTYPE_OTADATA = 0x00;

/** States of an entry in otadata that the boot loader passes over: invalid, aborted. */
const REFUSED_STATES: readonly number[] = [3, 4];

export interface Partition {
  label: string;
  type: number;
  subtype: number;
  offset: number;
  size_bytes: number;
}

export interface BootReport {
  boots: boolean;
  /** What stands in the way, or 'ok'. */
  why: string;
  /** What the ROM or the boot loader prints of it. */
  lines: readonly string[];
  app?: { label: string; offset: number; version: string | undefined };
}

export function bootReport(flash: Buffer, chip: ChipModel, faults: Faults): BootReport {
  if (faults.flashEncryption) {
    return stops('flash encryption is on and the contents are plain', [
      `flash read err, ${chip.bootloaderOffset.toString(16)}`,
    ]);
  }
  const loaderFault = imageFault(flash, chip.bootloaderOffset, TABLE_ADDRESS - chip.bootloaderOffset, chip.imageChipId);
  if (loaderFault !== undefined) {
    return stops(`boot loader: ${loaderFault}`, [
      `flash read err, ${chip.bootloaderOffset.toString(16)}`,
      'ets_main.c 371',
    ]);
  }
  const table = readTable(flash);
  if (typeof table === 'string') {
    return stops(`partition table: ${table}`, [
      `E (39) flash_parts: ${table}`,
      'E (45) boot: load partition table error!',
    ]);
  }
  const candidates = appsInOrder(flash, table);
  if (candidates.length === 0)
    return stops('the partition table has no application', ['E (71) boot: No bootable app partitions']);
  const faultsFound: string[] = [];
  for (const { label, offset, size_bytes } of candidates) {
    const fault = imageFault(flash, offset, size_bytes, chip.imageChipId);
    if (fault === undefined) {
      const app = { label, offset, version: imageVersion(flash, offset) };
      return {
        boots: true,
        why: 'ok',
        lines: [`I (88) boot: Loaded app from partition at offset 0x${offset.toString(16)}`],
        app,
      };
    }
    faultsFound.push(`${label}: ${fault}`);
  }
  return stops(faultsFound.join('; '), [
    ...faultsFound.map((line) => `E (80) esp_image: ${line}`),
    'E (91) boot: No bootable app partitions in the partition table',
  ]);
}

function stops(why: string, lines: readonly string[]): BootReport {
  return { boots: false, why, lines };
}

/** @returns the partitions, or what is wrong with the table */
export function readTable(flash: Buffer): Partition[] | string {
  const table = flash.subarray(TABLE_ADDRESS, TABLE_ADDRESS + TABLE_BYTES);
  const partitions: Partition[] = [];
  for (let at = 0; at + ENTRY_BYTES <= table.length; at += ENTRY_BYTES) {
    const magic = table.readUInt16LE(at);
    if (magic === TABLE_END) return partitions.length > 0 ? partitions : 'no partitions';
    if (magic === MD5_MAGIC) {
      const md5 = createHash('md5').update(table.subarray(0, at)).digest();
      if (!md5.equals(table.subarray(at + 16, at + ENTRY_BYTES))) return 'its MD5 is wrong';
    } else if (magic === ENTRY_MAGIC) {
      partitions.push(readEntry(table.subarray(at, at + ENTRY_BYTES)));
    } else {
      return `partition ${partitions.length} invalid magic number 0x${magic.toString(16)}`;
    }
  }
  return partitions;
}

function readEntry(entry: Buffer): Partition {
  const label = entry.subarray(12, 28);
  const end = label.indexOf(0);
  return {
    type: entry[2],
    subtype: entry[3],
    offset: entry.readUInt32LE(4),
    size_bytes: entry.readUInt32LE(8),
    label: label.subarray(0, end < 0 ? label.length : end).toString(),
  };
}

/** The one that otadata names first; the boot loader goes on to the others where that one is broken. */
function appsInOrder(flash: Buffer, table: readonly Partition[]): Partition[] {
  const isOta = ({ subtype }: Partition): boolean => subtype >= SUBTYPE_OTA_0 && subtype <= SUBTYPE_OTA_15;
  const apps = table.filter(({ type }) => type === TYPE_APP);
  const otas = apps.filter(isOta).sort((a, b) => a.subtype - b.subtype);
  const factory = apps.filter(({ subtype }) => subtype === SUBTYPE_FACTORY);
  const chosen = otas.length === 0 ? undefined : otaSequence(flash, table);
  const first = chosen === undefined ? [] : [otas[(chosen - 1) % otas.length]];
  return [...first, ...[...factory, ...otas].filter((app) => !first.includes(app))];
}

/** The higher of the two sequence numbers in otadata that hold; undefined where neither does. */
function otaSequence(flash: Buffer, table: readonly Partition[]): number | undefined {
  const otadata = table.find(({ type, subtype }) => type === TYPE_DATA && subtype === SUBTYPE_OTADATA);
  if (otadata === undefined) return undefined;
  const held = [0, 0x1000]
    .map((at) => flash.subarray(otadata.offset + at, otadata.offset + at + ENTRY_BYTES))
    .filter((entry) => entry.length === ENTRY_BYTES && holds(entry))
    .map((entry) => entry.readUInt32LE(0));
  return held.length === 0 ? undefined : Math.max(...held);
}

function holds(entry: Buffer): boolean {
  const sequence = entry.readUInt32LE(0);
  if (sequence === 0 || sequence === 0xffffffff || REFUSED_STATES.includes(entry.readUInt32LE(24))) return false;
  return entry.readUInt32LE(28) === crc32(entry.subarray(0, 4), 0xffffffff) >>> 0;
}
