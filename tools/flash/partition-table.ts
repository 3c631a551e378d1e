/**
 * ESP-IDF's partition table as it lies in the flash: entries of 32 bytes, then one with an MD5, then erased flash.
 * https://docs.espressif.com/projects/esp-idf, "Partition Tables", and esp_partition_info_t of esp_flash_partitions.h.
 */
import { md5Of } from './md5.ts';

export interface BinaryPartition {
  name: string;
  /** `app`, `data`, or a number. */
  type: string;
  /** `factory`, `ota_0`, `nvs`, `ota`, `phy`, ..., or a number. */
  subtype: string;
  offset: number;
  size: number;
  encrypted: boolean;
}

export const TABLE_OFFSET = 0x8000;
/** What the table may take of its sector. */
export const TABLE_BYTES = 0xc00;

const ENTRY_BYTES = 32;
const MAGIC = 0x50aa;
const MD5_MAGIC = 0xebeb;
const MD5_AT = 16;
const NAME_AT = 12;
const NAME_BYTES = 16;
const FLAGS_AT = 28;
const OTA_0 = 0x10;
const OTA_COUNT = 16;

const DATA_SUBTYPES: Readonly<Record<number, string>> = {
  0x00: 'ota',
  0x01: 'phy',
  0x02: 'nvs',
  0x03: 'coredump',
  0x04: 'nvs_keys',
  0x05: 'efuse',
  0x06: 'undefined',
  0x80: 'esphttpd',
  0x81: 'fat',
  0x82: 'spiffs',
  0x83: 'littlefs',
};

function typeName(type: number): string {
  return type === 0 ? 'app' : type === 1 ? 'data' : String(type);
}

function subtypeName(type: number, subtype: number): string {
  if (type === 1) return DATA_SUBTYPES[subtype] ?? String(subtype);
  if (type !== 0) return String(subtype);
  if (subtype === 0) return 'factory';
  if (subtype === 0x20) return 'test';
  return subtype >= OTA_0 && subtype < OTA_0 + OTA_COUNT ? `ota_${subtype - OTA_0}` : String(subtype);
}

/** What is no table, or one whose MD5 is wrong, has no entries. */
export function readPartitionTable(table: Uint8Array): BinaryPartition[] {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const partitions: BinaryPartition[] = [];
  for (let at = 0; at + ENTRY_BYTES <= table.length; at += ENTRY_BYTES) {
    const magic = view.getUint16(at, true);
    if (magic === MD5_MAGIC) {
      const sum = Buffer.from(table.subarray(at + MD5_AT, at + ENTRY_BYTES)).toString('hex');
      return sum === md5Of(table.subarray(0, at)) ? partitions : [];
    }
    if (magic !== MAGIC) break;
    const [type, subtype] = [view.getUint8(at + 2), view.getUint8(at + 3)];
    const name = Buffer.from(table.subarray(at + NAME_AT, at + NAME_AT + NAME_BYTES)).toString('latin1');
    partitions.push({
      name: name.replace(/\0.*$/s, ''),
      type: typeName(type),
      subtype: subtypeName(type, subtype),
      offset: view.getUint32(at + 4, true),
      size: view.getUint32(at + 8, true),
      encrypted: (view.getUint32(at + FLAGS_AT, true) & 1) !== 0,
    });
  }
  return partitions;
}
