/** Fills the pages of a partition one entry after the other, from the first page on. */
import {
  checksum,
  ENTRIES_PER_PAGE,
  ENTRY_BYTES,
  ENTRY_CHUNK_AT,
  ENTRY_CRC_AT,
  ENTRY_DATA_AT,
  ENTRY_KEY_AT,
  ENTRY_NAMESPACE_AT,
  ENTRY_SPAN_AT,
  ENTRY_TYPE_AT,
  ENTRY_WRITTEN,
  entryChecksum,
  FORMAT_VERSION,
  NO_CHUNK,
  PAGE_ACTIVE,
  PAGE_BYTES,
  PAGE_CRC_AT,
  PAGE_ENTRIES_AT,
  PAGE_FULL,
  PAGE_SEQUENCE_AT,
  PAGE_STATES_AT,
  PAGE_VERSION_AT,
  pageChecksum,
  VALUE_CRC_AT,
  VALUE_SIZE_AT,
  viewOf,
} from './layout.ts';

export interface Place {
  /** Index of the namespace. */
  namespace: number;
  key: string;
  /** Code of the type. */
  type: number;
}

/** What is to be written needs more pages than there are. */
export class NvsFullError extends Error {}

export class PageWriter {
  readonly image: Uint8Array;
  readonly #first_sequence: number;
  #page = -1;
  #next = ENTRIES_PER_PAGE;

  constructor(size_bytes: number, first_sequence: number) {
    this.image = new Uint8Array(size_bytes).fill(0xff);
    this.#first_sequence = first_sequence;
  }

  /** Entries left in the page that is being filled; 0 before the first. */
  get room(): number {
    return ENTRIES_PER_PAGE - this.#next;
  }

  /** Ends this page and begins the next. @throws NvsFullError: one page stays free, for the device to move values to */
  turnPage(): void {
    const pages = this.image.length / PAGE_BYTES;
    if (this.#page + 2 >= pages) throw new NvsFullError(`more than ${pages - 1} pages of ${PAGE_BYTES} bytes`);
    if (this.#page >= 0) this.#view().setUint32(0, PAGE_FULL, true);
    this.#page++;
    this.#next = 0;
    const view = this.#view();
    view.setUint32(0, PAGE_ACTIVE, true);
    view.setUint32(PAGE_SEQUENCE_AT, this.#first_sequence + this.#page, true);
    view.setUint8(PAGE_VERSION_AT, FORMAT_VERSION);
    view.setUint32(PAGE_CRC_AT, pageChecksum(this.#bytes()), true);
  }

  /** A value that lies in the entry itself. @param data at most 8 bytes */
  plain(place: Place, data: Uint8Array): void {
    this.#write(this.#entry(place, 1, NO_CHUNK, data));
  }

  /** A value in the entries behind. It must fit the page: see `room`. */
  long(place: Place, data: Uint8Array, chunk = NO_CHUNK): void {
    const span = 1 + Math.ceil(data.length / ENTRY_BYTES);
    if (span > this.room) this.turnPage();
    const about = new Uint8Array(8).fill(0xff);
    viewOf(about).setUint16(VALUE_SIZE_AT - ENTRY_DATA_AT, data.length, true);
    viewOf(about).setUint32(VALUE_CRC_AT - ENTRY_DATA_AT, checksum(data), true);
    this.#write(this.#entry(place, span, chunk, about));
    for (let at = 0; at < data.length; at += ENTRY_BYTES) this.#write(data.subarray(at, at + ENTRY_BYTES));
  }

  #bytes(): Uint8Array {
    return this.image.subarray(this.#page * PAGE_BYTES, (this.#page + 1) * PAGE_BYTES);
  }

  #view(): DataView {
    return viewOf(this.#bytes());
  }

  #entry({ namespace, key, type }: Place, span: number, chunk: number, data: Uint8Array): Uint8Array {
    const entry = new Uint8Array(ENTRY_BYTES).fill(0xff);
    entry[ENTRY_NAMESPACE_AT] = namespace;
    entry[ENTRY_TYPE_AT] = type;
    entry[ENTRY_SPAN_AT] = span;
    entry[ENTRY_CHUNK_AT] = chunk;
    entry.fill(0, ENTRY_KEY_AT, ENTRY_DATA_AT);
    entry.set(Buffer.from(key, 'latin1'), ENTRY_KEY_AT);
    entry.set(data, ENTRY_DATA_AT);
    viewOf(entry).setUint32(ENTRY_CRC_AT, entryChecksum(entry), true);
    return entry;
  }

  /** @param bytes at most those of an entry; what is left stays erased */
  #write(bytes: Uint8Array): void {
    if (this.room === 0) this.turnPage();
    const page = this.#bytes();
    page.set(bytes, PAGE_ENTRIES_AT + this.#next * ENTRY_BYTES);
    const shift = (this.#next & 3) * 2;
    page[PAGE_STATES_AT + (this.#next >> 2)] &= ~((~ENTRY_WRITTEN & 3) << shift);
    this.#next++;
  }
}
