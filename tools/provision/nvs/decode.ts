/**
 * Reads a partition as a device does when it starts: pages in the order of their sequence numbers, the newest value of a
 * name wins, of whatever type, and what a power cut left half done is passed over.
 */
import type { NvsContents, NvsEntry, NvsType } from './contents.ts';
import {
  NAMESPACE_OF_NAMESPACES,
  NAMESPACES_MAX,
  PAGE_BYTES,
  PLAIN_TYPES,
  plainType,
  TYPE_BLOB_CHUNK,
  TYPE_BLOB_INDEX,
  TYPE_OLD_BLOB,
  TYPE_STRING,
} from './layout.ts';
import { type Item, type Page, readPage } from './read-page.ts';

/** The bytes cannot be read as a partition of this format; the line says why. */
export class NvsFormatError extends Error {}

interface Found {
  item: Item;
  type: NvsType;
}

const SMALLEST_PAGES = 3;

function readPages(image: Uint8Array): Page[] {
  if (image.length === 0 || image.length % PAGE_BYTES !== 0) {
    throw new NvsFormatError(`it has ${image.length} bytes; a settings partition is a multiple of ${PAGE_BYTES}`);
  }
  if (image.length < SMALLEST_PAGES * PAGE_BYTES) {
    throw new NvsFormatError(`it has ${image.length} bytes; NVS needs at least ${SMALLEST_PAGES * PAGE_BYTES}`);
  }
  const pages: Page[] = [];
  // Of a Buffer, slice() would give no copy.
  const bytes = new Uint8Array(image.buffer, image.byteOffset, image.byteLength);
  for (let at = 0; at < bytes.length; at += PAGE_BYTES) pages.push(readPage(bytes.subarray(at, at + PAGE_BYTES)));
  if (pages.some(({ state }) => state === 'newer')) {
    throw new NvsFormatError('it is of a newer version of NVS than this program knows, so it is left as it is');
  }
  return pages;
}

/**
 * Items in the order in which they were written. A page that is being freed is copied to a new one before anything new is
 * written; when the power goes then, the device forgets the copy and begins again, and so do we.
 */
function itemsInOrder(pages: readonly Page[]): Item[] {
  const used = pages.filter(({ state }) => state === 'active' || state === 'full' || state === 'freeing');
  used.sort((a, b) => a.sequence - b.sequence);
  const freeing = used.some(({ state }) => state === 'freeing');
  if (freeing && used.at(-1)?.state === 'active') used.pop();
  return used.flatMap(({ items }) => items);
}

function namespacesOf(items: readonly Item[]): Map<string, number> {
  const namespaces = new Map<string, number>();
  for (const { namespace, type, key, data } of items) {
    if (namespace !== NAMESPACE_OF_NAMESPACES || type !== PLAIN_TYPES.u8 || key === '') continue;
    if (data[0] > 0 && data[0] <= NAMESPACES_MAX) namespaces.set(key, data[0]);
  }
  return namespaces;
}

function typeOf(code: number): NvsType | undefined {
  if (code === TYPE_STRING) return 'string';
  if (code === TYPE_BLOB_INDEX || code === TYPE_OLD_BLOB) return 'blob';
  return plainType(code);
}

const placeOf = ({ namespace, key }: Item): string => `${namespace} ${key}`;

/** The bytes of a blob from its chunks; null when one is missing or they do not come to its size. */
function blobData(item: Item, chunks: ReadonlyMap<string, Item>): Uint8Array | null {
  if (item.blob === null) return item.data;
  const parts: Uint8Array[] = [];
  for (let i = 0; i < item.blob.chunks; i++) {
    const chunk = chunks.get(`${placeOf(item)} ${item.blob.first_chunk + i}`);
    if (chunk === undefined) return null;
    parts.push(chunk.data);
  }
  const data = new Uint8Array(Buffer.concat(parts));
  return data.length === item.blob.size_bytes ? data : null;
}

function damageOf(pages: readonly Page[]): string[] {
  const damaged: string[] = [];
  pages.forEach(({ state, broken }, i) => {
    if (state === 'damaged') damaged.push(`page ${i} has no valid header`);
    if (broken > 0)
      damaged.push(`page ${i} has ${broken === 1 ? 'an entry that is' : `${broken} entries that are`} not whole`);
  });
  return damaged;
}

/**
 * @param image a whole partition
 * @throws NvsFormatError when it is none, or of a newer format; damage inside is passed over and told in `damaged`
 */
export function decodeNvs(image: Uint8Array): NvsContents {
  const pages = readPages(image);
  const items = itemsInOrder(pages);
  const namespaces = namespacesOf(items);
  const names = new Map([...namespaces].map(([name, index]) => [index, name]));
  const found = new Map<string, Found>();
  const chunks = new Map<string, Item>();
  for (const item of items) {
    if (!names.has(item.namespace)) continue;
    if (item.type === TYPE_BLOB_CHUNK) chunks.set(`${placeOf(item)} ${item.chunk}`, item);
    const type = typeOf(item.type);
    if (type === undefined) continue;
    // Set anew, so that the order stays that of writing.
    found.delete(placeOf(item));
    found.set(placeOf(item), { item, type });
  }
  const damaged = damageOf(pages);
  const entries: NvsEntry[] = [];
  for (const { item, type } of found.values()) {
    const namespace = names.get(item.namespace) ?? '';
    const data = blobData(item, chunks);
    if (data === null) damaged.push(`${namespace}/${item.key} lacks a part`);
    else entries.push({ namespace, key: item.key, type, data });
  }
  const sequences = pages
    .filter(({ state }) => state !== 'empty' && state !== 'damaged')
    .map(({ sequence }) => sequence);
  return { namespaces, entries, last_sequence: Math.max(-1, ...sequences), damaged };
}
