/** One page of a partition: its state, and the items in it that are whole. */
import {
  BLOB_CHUNKS_AT,
  BLOB_FIRST_CHUNK_AT,
  BLOB_SIZE_AT,
  checksum,
  ENTRIES_PER_PAGE,
  ENTRY_BYTES,
  ENTRY_CHUNK_AT,
  ENTRY_CRC_AT,
  ENTRY_DATA_AT,
  ENTRY_EMPTY,
  ENTRY_KEY_AT,
  ENTRY_NAMESPACE_AT,
  ENTRY_SPAN_AT,
  ENTRY_TYPE_AT,
  ENTRY_WRITTEN,
  entryChecksum,
  FORMAT_VERSION,
  NO_CHUNK,
  PAGE_ACTIVE,
  PAGE_CRC_AT,
  PAGE_EMPTY,
  PAGE_ENTRIES_AT,
  PAGE_FREEING,
  PAGE_FULL,
  PAGE_SEQUENCE_AT,
  PAGE_STATES_AT,
  PAGE_VERSION_AT,
  pageChecksum,
  plainBytes,
  plainType,
  TYPE_BLOB_CHUNK,
  TYPE_BLOB_INDEX,
  TYPE_OLD_BLOB,
  TYPE_STRING,
  VALUE_CRC_AT,
  VALUE_SIZE_AT,
  viewOf,
} from './layout.ts';

/** An item as it lies in flash: a chunk and the index of a blob are items of their own. */
export interface Item {
  namespace: number;
  key: string;
  /** Code of the type. */
  type: number;
  chunk: number;
  /** The value; of the index of a blob, nothing. */
  data: Uint8Array;
  /** Of the index of a blob. */
  blob: { size_bytes: number; chunks: number; first_chunk: number } | null;
}

export interface Page {
  /** damaged: the header is no header, as the device sees it too; newer: a version of the format that we do not know. */
  state: 'empty' | 'active' | 'full' | 'freeing' | 'damaged' | 'newer';
  sequence: number;
  items: Item[];
  /** Entries whose bytes do not fit their checksum, or whose item was never written to its end. */
  broken: number;
}

const STATES = new Map<number, 'active' | 'full' | 'freeing'>([
  [PAGE_ACTIVE, 'active'],
  [PAGE_FULL, 'full'],
  [PAGE_FREEING, 'freeing'],
]);

function stateOf(page: Uint8Array): Page['state'] {
  const view = viewOf(page);
  const code = view.getUint32(0, true);
  if (code === PAGE_EMPTY) return page.every((byte) => byte === 0xff) ? 'empty' : 'damaged';
  const state = STATES.get(code);
  if (state === undefined || view.getUint32(PAGE_CRC_AT, true) !== pageChecksum(page)) return 'damaged';
  return page[PAGE_VERSION_AT] < FORMAT_VERSION ? 'newer' : state;
}

function entryState(page: Uint8Array, index: number): number {
  return (page[PAGE_STATES_AT + (index >> 2)] >> ((index & 3) * 2)) & 3;
}

function keyOf(entry: Uint8Array): string {
  const letters = entry.subarray(ENTRY_KEY_AT, ENTRY_DATA_AT);
  const end = letters.indexOf(0);
  return Buffer.from(end < 0 ? letters.subarray(0, -1) : letters.subarray(0, end)).toString('latin1');
}

/** How many entries the item takes, as its type wants it; 0 when the entry is no beginning of an item. */
function spanOf(entry: Uint8Array, index: number): number {
  const view = viewOf(entry);
  if (view.getUint32(ENTRY_CRC_AT, true) !== entryChecksum(entry)) return 0;
  const [type, span, chunk] = [entry[ENTRY_TYPE_AT], entry[ENTRY_SPAN_AT], entry[ENTRY_CHUNK_AT]];
  if (plainType(type) !== undefined) return span === 1 ? 1 : 0;
  if (type === TYPE_BLOB_INDEX) return span === 1 && chunk === NO_CHUNK ? 1 : 0;
  if (type !== TYPE_STRING && type !== TYPE_OLD_BLOB && type !== TYPE_BLOB_CHUNK) return 0;
  if (type === TYPE_BLOB_CHUNK && chunk === NO_CHUNK) return 0;
  const right = 1 + Math.ceil(view.getUint16(VALUE_SIZE_AT, true) / ENTRY_BYTES);
  return span === right && index + span <= ENTRIES_PER_PAGE ? span : 0;
}

function dataOf(page: Uint8Array, entry: Uint8Array, at: number): Uint8Array | null {
  const type = entry[ENTRY_TYPE_AT];
  if (type === TYPE_BLOB_INDEX) return new Uint8Array();
  if (plainType(type) !== undefined) return entry.slice(ENTRY_DATA_AT, ENTRY_DATA_AT + plainBytes(type));
  const view = viewOf(entry);
  const first = at + ENTRY_BYTES;
  const data = page.slice(first, first + view.getUint16(VALUE_SIZE_AT, true));
  return view.getUint32(VALUE_CRC_AT, true) === checksum(data) ? data : null;
}

function blobOf(entry: Uint8Array): Item['blob'] {
  const size_bytes = viewOf(entry).getUint32(BLOB_SIZE_AT, true);
  return { size_bytes, chunks: entry[BLOB_CHUNKS_AT], first_chunk: entry[BLOB_FIRST_CHUNK_AT] };
}

function itemOf(page: Uint8Array, entry: Uint8Array, at: number): Item | null {
  const data = dataOf(page, entry, at);
  if (data === null) return null;
  const type = entry[ENTRY_TYPE_AT];
  return {
    namespace: entry[ENTRY_NAMESPACE_AT],
    key: keyOf(entry),
    type,
    chunk: entry[ENTRY_CHUNK_AT],
    data,
    blob: type === TYPE_BLOB_INDEX ? blobOf(entry) : null,
  };
}

function allWritten(page: Uint8Array, index: number, span: number): boolean {
  for (let i = index; i < index + span; i++) if (entryState(page, i) !== ENTRY_WRITTEN) return false;
  return true;
}

/** @param bytes PAGE_BYTES of them */
export function readPage(bytes: Uint8Array): Page {
  const state = stateOf(bytes);
  const page: Page = { state, sequence: viewOf(bytes).getUint32(PAGE_SEQUENCE_AT, true), items: [], broken: 0 };
  if (state === 'empty' || state === 'damaged' || state === 'newer') return page;
  for (let i = 0; i < ENTRIES_PER_PAGE; i++) {
    const entry_state = entryState(bytes, i);
    // What an active page holds behind its first empty entry was being written when the power went.
    if (entry_state === ENTRY_EMPTY && state === 'active') break;
    if (entry_state !== ENTRY_WRITTEN) continue;
    const at = PAGE_ENTRIES_AT + i * ENTRY_BYTES;
    const entry = bytes.subarray(at, at + ENTRY_BYTES);
    const whole = spanOf(entry, i);
    const item = whole > 0 && allWritten(bytes, i, whole) ? itemOf(bytes, entry, at) : null;
    if (item === null) page.broken++;
    else page.items.push(item);
    i += Math.max(0, whole - 1);
  }
  return page;
}
