/** ESP-IDF's partition table in CSV: what lies where in the flash, and whether it fits. */

export interface Partition {
  name: string;
  type: string;
  subtype: string;
  offset: number;
  size: number;
}

export interface PartitionTable {
  partitions: Partition[];
  /** What is wrong, in words. */
  problems: string[];
}

/** The table itself lies at 0x8000 and takes a sector. */
const FIRST_OFFSET = 0x9000;
const SECTOR = 0x1000;
/** Applications start where the memory map's pages do. */
const APP_ALIGNMENT = 0x10000;
const NVS_MIN = 0x5000;
const OTADATA_SIZE = 0x2000;
/** Of the table's field for it. */
const NAME_BYTES_MAX = 16;
/** By which ESP-IDF and the SDK's `preference` open it. */
const NVS_NAME = 'nvs';

const hex = (value: number): string => `0x${value.toString(16)}`;

/** `0x1000`, `64K`, `1M` or plain; NaN otherwise. */
export function parseSize(text: string): number {
  const match = /^(0x[0-9a-f]+|\d+)([km]?)$/i.exec(text.trim());
  if (match === null) return NaN;
  const unit = match[2].toLowerCase();
  return Number(match[1]) * (unit === 'k' ? 1024 : unit === 'm' ? 1024 * 1024 : 1);
}

export function readPartitions(csv: string): PartitionTable {
  const partitions: Partition[] = [];
  const problems: string[] = [];
  let end = FIRST_OFFSET;
  for (const [index, line] of csv.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const [name = '', type = '', subtype = '', offsetText = '', sizeText = ''] = line
      .split(',')
      .map((cell) => cell.trim());
    const size = parseSize(sizeText);
    const alignment = type === 'app' ? APP_ALIGNMENT : SECTOR;
    const offset = offsetText === '' ? Math.ceil(end / alignment) * alignment : parseSize(offsetText);
    if (name === '' || Number.isNaN(offset) || !(size > 0)) {
      problems.push(`line ${index + 1}: "${line.trim()}" is not name, type, subtype, offset, size`);
      continue;
    }
    partitions.push({ name, type, subtype, offset, size });
    end = offset + size;
  }
  return { partitions, problems };
}

function placeProblems({ partitions }: PartitionTable, flash: number): string[] {
  const problems: string[] = [];
  const inOrder = [...partitions].sort((a, b) => a.offset - b.offset);
  for (const [i, { name, type, offset, size }] of inOrder.entries()) {
    const alignment = type === 'app' ? APP_ALIGNMENT : SECTOR;
    if (offset % alignment !== 0)
      problems.push(`${name} starts at ${hex(offset)}; it must be a multiple of ${hex(alignment)}`);
    if (offset < FIRST_OFFSET)
      problems.push(`${name} starts at ${hex(offset)}, over the partition table; start at ${hex(FIRST_OFFSET)}`);
    if (size % SECTOR !== 0)
      problems.push(`${name} has ${hex(size)} bytes; it must be a multiple of the flash's sectors, ${hex(SECTOR)}`);
    if (offset + size > flash) {
      problems.push(
        `${name} ends at ${hex(offset + size)} and the flash at ${hex(flash)}; make the partitions smaller`,
      );
    }
    const before = inOrder[i - 1] as Partition | undefined;
    if (before !== undefined && before.offset + before.size > offset) {
      problems.push(
        `${name} starts at ${hex(offset)}, inside ${before.name}, which ends at ${hex(before.offset + before.size)}`,
      );
    }
  }
  return problems;
}

function nameProblems({ partitions }: PartitionTable): string[] {
  const problems: string[] = [];
  const names = partitions.map(({ name }) => name);
  for (const [i, name] of names.entries()) {
    if (Buffer.byteLength(name) > NAME_BYTES_MAX)
      problems.push(`the name ${name} is too long; the table has ${NAME_BYTES_MAX} bytes for it`);
    if (names.indexOf(name) < i) problems.push(`two partitions are named ${name}; give each a name of its own`);
  }
  return problems;
}

/** What an update that can be taken back needs, and the settings. */
function contentProblems({ partitions }: PartitionTable): string[] {
  const find = (type: string, subtype: string): Partition | undefined =>
    partitions.find((one) => one.type === type && one.subtype === subtype);
  const problems: string[] = [];
  const slots = [find('app', 'ota_0'), find('app', 'ota_1')];
  if (slots.includes(undefined)) {
    problems.push('two application slots are needed, app/ota_0 and app/ota_1, so that an update can be taken back');
  } else if (slots[0]?.size !== slots[1]?.size) {
    problems.push('ota_0 and ota_1 must be of the same size, or an update may not fit the other slot');
  }
  if (find('data', 'ota')?.size !== OTADATA_SIZE)
    problems.push(`data/ota of ${hex(OTADATA_SIZE)} is needed: it says which slot starts`);
  const nvs = find('data', 'nvs');
  if ((nvs?.size ?? 0) < NVS_MIN)
    problems.push(`data/nvs of at least ${hex(NVS_MIN)} is needed: it holds settings and state`);
  if (nvs !== undefined && nvs.name !== NVS_NAME)
    problems.push(`data/nvs is named ${nvs.name}; it must be ${NVS_NAME}, by which the firmware opens it`);
  return problems;
}

export function partitionProblems(table: PartitionTable, flash_mb: number): string[] {
  return [
    ...table.problems,
    ...nameProblems(table),
    ...placeProblems(table, flash_mb * 1024 * 1024),
    ...contentProblems(table),
  ];
}

/** The slot that a first flash goes to. */
export function firstSlot({ partitions }: PartitionTable): Partition | undefined {
  return partitions.find(({ type, subtype }) => type === 'app' && subtype === 'ota_0');
}
