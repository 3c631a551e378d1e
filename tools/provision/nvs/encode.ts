/**
 * Writes contents as a partition that ESP-IDF's nvs_flash reads. It is written anew as a whole, not appended to: then
 * values that were replaced, secrets among them, are gone from the flash.
 */
import type { NvsContents, NvsEntry } from './contents.ts';
import {
  BLOB_CHUNKS_AT,
  BLOB_FIRST_CHUNK_AT,
  BLOB_SIZE_AT,
  ENTRY_BYTES,
  ENTRY_DATA_AT,
  NAMESPACE_OF_NAMESPACES,
  NAMESPACES_MAX,
  PAGE_BYTES,
  PLAIN_TYPES,
  SECOND_CHUNKS,
  STRING_BYTES_MAX,
  TYPE_BLOB_CHUNK,
  TYPE_BLOB_INDEX,
  TYPE_STRING,
  VALUE_BYTES_MAX,
  viewOf,
} from './layout.ts';
import { NvsFullError, PageWriter } from './page-writer.ts';

/** Below, the pages of one image can be numbered without a carry. */
const SEQUENCE_MAX = 0xfff00000;

/** Indices of all namespaces: those that are there keep theirs, the others take the lowest that are free. */
function indices({ namespaces, entries }: NvsContents): Map<string, number> {
  const all = new Map(namespaces);
  const taken = new Set(all.values());
  let free = 1;
  for (const { namespace } of entries) {
    if (all.has(namespace)) continue;
    while (taken.has(free)) free++;
    if (free > NAMESPACES_MAX) throw new NvsFullError(`more than ${NAMESPACES_MAX} namespaces`);
    taken.add(free);
    all.set(namespace, free);
  }
  return all;
}

/** In as few chunks as the pages allow; the index comes last, so that a blob is there only when it is whole. */
function writeBlob(writer: PageWriter, namespace: number, { key, data }: NvsEntry): void {
  const chunk = { namespace, key, type: TYPE_BLOB_CHUNK };
  let [at, chunks] = [0, 0];
  do {
    // An entry for what describes the chunk, and one at least for its bytes.
    if (writer.room < 2) writer.turnPage();
    const size = Math.min(data.length - at, (writer.room - 1) * ENTRY_BYTES);
    writer.long(chunk, data.subarray(at, at + size), chunks);
    at += size;
    chunks++;
  } while (at < data.length);
  if (chunks >= SECOND_CHUNKS) throw new NvsFullError(`more than ${SECOND_CHUNKS - 1} pages for ${key}`);
  const index = new Uint8Array(8).fill(0xff);
  viewOf(index).setUint32(BLOB_SIZE_AT - ENTRY_DATA_AT, data.length, true);
  index[BLOB_CHUNKS_AT - ENTRY_DATA_AT] = chunks;
  index[BLOB_FIRST_CHUNK_AT - ENTRY_DATA_AT] = 0;
  writer.plain({ namespace, key, type: TYPE_BLOB_INDEX }, index);
}

function writeEntry(writer: PageWriter, namespace: number, entry: NvsEntry): void {
  const { key, type, data } = entry;
  if (type === 'blob') writeBlob(writer, namespace, entry);
  else if (type !== 'string') writer.plain({ namespace, key, type: PLAIN_TYPES[type] }, data);
  else if (data.length <= STRING_BYTES_MAX) writer.long({ namespace, key, type: TYPE_STRING }, data);
  else throw new NvsFullError(`more than ${VALUE_BYTES_MAX} bytes for ${key}`);
}

/**
 * @param size_bytes of the partition, a multiple of 4,096
 * @throws NvsFullError saying what there is too much of; one page always stays free
 */
export function encodeNvs(contents: NvsContents, size_bytes: number): Uint8Array {
  const first = contents.last_sequence + 1;
  const writer = new PageWriter(size_bytes, first > SEQUENCE_MAX ? 0 : first);
  const byNamespace = indices(contents);
  for (const [key, index] of byNamespace) {
    writer.plain({ namespace: NAMESPACE_OF_NAMESPACES, key, type: PLAIN_TYPES.u8 }, Uint8Array.of(index));
  }
  for (const entry of contents.entries) writeEntry(writer, byNamespace.get(entry.namespace) ?? 0, entry);
  return writer.image;
}

/** How much of a partition an image takes, with the page that stays free. */
export function pagesUsed(image: Uint8Array): { used: number; of: number } {
  let used = 0;
  for (let at = 0; at < image.length; at += PAGE_BYTES) if (image[at] !== 0xff) used++;
  return { used, of: image.length / PAGE_BYTES };
}
