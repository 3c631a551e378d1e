/**
 * A model of a device's NVS, written from the published layout without a look at tools/provision/nvs: flash whose bits
 * only clear, a log of entries over pages, values replaced by appending. It reads what the tool writes, and leaves behind
 * what the tool must read.
 */

const PAGE = 4096;
const ENTRIES = 126;
const SIZES: Readonly<Record<number, number>> = {
  0x01: 1,
  0x11: 1,
  0x02: 2,
  0x12: 2,
  0x04: 4,
  0x14: 4,
  0x08: 8,
  0x18: 8,
};
const STRING = 0x21;
const CHUNK = 0x42;
const INDEX = 0x48;

/** From the definition, bit by bit, so that it is not zlib's. */
function crc(bytes: Uint8Array): number {
  let register = 0;
  for (const byte of bytes) {
    register ^= byte;
    for (let bit = 0; bit < 8; bit++) register = (register >>> 1) ^ (register & 1 ? 0xedb88320 : 0);
  }
  return ~register >>> 0;
}

interface Found {
  page: number;
  index: number;
  entry: Buffer;
}

export type NvsValue = number | string | Buffer;

export class NvsDevice {
  readonly flash: Buffer;

  /** @throws Error for what a device would refuse to start with */
  constructor(flash: Uint8Array) {
    this.flash = Buffer.from(flash);
    if (this.pages().length === this.flash.length / PAGE) throw new Error('ESP_ERR_NVS_NO_FREE_PAGES');
  }

  /** What Moddable's `preference` gives: it asks for a u8, an i32, a string and a blob, in this order. */
  preference(namespace: string, key: string): boolean | number | string | Buffer | undefined {
    const u8 = this.find(namespace, key, 0x01);
    if (u8 !== undefined) return u8.entry[24] !== 0;
    const i32 = this.find(namespace, key, 0x14);
    if (i32 !== undefined) return i32.entry.readInt32LE(24);
    const text = this.find(namespace, key, STRING);
    if (text !== undefined) return this.long(text).toString('utf8').replace(/\0$/, '');
    return this.blob(namespace, key);
  }

  /** Namespaces and keys, as `nvs_entry_find` lists them. */
  names(): string[] {
    const byIndex = new Map(this.all().flatMap(({ entry }) => (entry[0] === 0 ? [[entry[24], this.key(entry)]] : [])));
    const listed = this.all().filter(({ entry }) => entry[0] !== 0 && entry[1] !== CHUNK);
    return listed.map(({ entry }) => `${byIndex.get(entry[0]) ?? '?'}/${this.key(entry)}`).sort();
  }

  setNumber(namespace: string, key: string, type: 0x01 | 0x02 | 0x14, value: number): void {
    const data = Buffer.alloc(8, 0xff);
    data.writeIntLE(value, 0, SIZES[type] === 1 ? 1 : SIZES[type]);
    this.replace(namespace, key, () => this.append(this.namespace(namespace), type, 1, 0xff, key, data));
  }

  setString(namespace: string, key: string, text: string): void {
    const value = Buffer.from(`${text}\0`);
    this.replace(namespace, key, () => this.appendLong(this.namespace(namespace), STRING, 0xff, key, value));
  }

  setBlob(namespace: string, key: string, value: Buffer): void {
    const ns = this.namespace(namespace);
    const first = this.find(namespace, key, INDEX)?.entry[29] === 0 ? 0x80 : 0;
    this.replace(namespace, key, () => {
      this.appendLong(ns, CHUNK, first, key, value);
      const data = Buffer.alloc(8, 0xff);
      data.writeUInt32LE(value.length, 0);
      data[4] = 1;
      data[5] = first;
      this.append(ns, INDEX, 1, 0xff, key, data);
    });
  }

  private key(entry: Buffer): string {
    return entry.subarray(8, 24).toString('latin1').replace(/\0.*$/s, '');
  }

  private state(page: number): number {
    return this.flash.readUInt32LE(page * PAGE);
  }

  /** Pages in use, oldest first. */
  private pages(): number[] {
    const used: number[] = [];
    for (let page = 0; page < this.flash.length / PAGE; page++) {
      const head = this.flash.subarray(page * PAGE, page * PAGE + 32);
      const whole = head.readUInt32LE(28) === crc(head.subarray(4, 28));
      if (whole && [0xfffffffe, 0xfffffffc].includes(this.state(page))) used.push(page);
    }
    return used.sort((a, b) => this.flash.readUInt32LE(a * PAGE + 4) - this.flash.readUInt32LE(b * PAGE + 4));
  }

  private bits(page: number, index: number): number {
    return (this.flash[page * PAGE + 32 + (index >> 2)] >> ((index & 3) * 2)) & 3;
  }

  private all(): Found[] {
    const found: Found[] = [];
    for (const page of this.pages()) {
      for (let index = 0; index < ENTRIES; index++) {
        if (this.bits(page, index) !== 2) continue;
        const at = page * PAGE + 64 + 32 * index;
        const entry = this.flash.subarray(at, at + 32);
        const sum = crc(Buffer.concat([entry.subarray(0, 4), entry.subarray(8)]));
        if (sum !== entry.readUInt32LE(4)) throw new Error(`entry ${index} of page ${page} has a wrong CRC`);
        found.push({ page, index, entry });
        index += entry[2] - 1;
      }
    }
    return found;
  }

  private namespace(name: string): number {
    const named = this.all().filter(({ entry }) => entry[0] === 0);
    const mine = named.find(({ entry }) => this.key(entry) === name);
    if (mine !== undefined) return mine.entry[24];
    const taken = named.map(({ entry }) => entry[24]);
    let index = 1;
    while (taken.includes(index)) index++;
    const data = Buffer.alloc(8, 0xff);
    data[0] = index;
    this.append(0, 0x01, 1, 0xff, name, data);
    return index;
  }

  private find(namespace: string, key: string, type: number, chunk = 0xff): Found | undefined {
    const all = this.all();
    const ns = all.find(({ entry }) => entry[0] === 0 && this.key(entry) === namespace)?.entry[24];
    return all.find(
      ({ entry }) => entry[0] === ns && entry[1] === type && entry[3] === chunk && this.key(entry) === key,
    );
  }

  private long({ page, index, entry }: Found): Buffer {
    const at = page * PAGE + 64 + 32 * (index + 1);
    const value = this.flash.subarray(at, at + entry.readUInt16LE(24));
    if (crc(value) !== entry.readUInt32LE(28)) throw new Error(`the value of ${this.key(entry)} has a wrong CRC`);
    return value;
  }

  private blob(namespace: string, key: string): Buffer | undefined {
    const index = this.find(namespace, key, INDEX);
    if (index === undefined) return undefined;
    const [count, first] = index.entry.subarray(28, 30);
    const parts = Array.from({ length: count }, (_, i) => {
      const chunk = this.find(namespace, key, CHUNK, first + i);
      if (chunk === undefined) throw new Error(`a chunk of ${key} is missing`);
      return this.long(chunk);
    });
    const value = Buffer.concat(parts);
    if (value.length !== index.entry.readUInt32LE(24)) throw new Error(`${key} has another size than its index says`);
    return value;
  }

  /** Writes the new value, then erases the old one. */
  private replace(namespace: string, key: string, write: () => void): void {
    const ns = this.namespace(namespace);
    const old = this.all().filter(({ entry }) => entry[0] === ns && this.key(entry) === key);
    write();
    for (const { page, index, entry } of old) {
      const span = entry[2];
      for (let i = index; i < index + span; i++) {
        this.program(page * PAGE + 32 + (i >> 2), Buffer.of(~(3 << ((i & 3) * 2)) & 0xff));
        this.program(page * PAGE + 64 + 32 * i, Buffer.alloc(32, 0));
      }
    }
  }

  private appendLong(ns: number, type: number, chunk: number, key: string, value: Buffer): void {
    const about = Buffer.alloc(8, 0xff);
    about.writeUInt16LE(value.length, 0);
    about.writeUInt32LE(crc(value), 4);
    this.append(ns, type, 1 + Math.ceil(value.length / 32), chunk, key, about, value);
  }

  private append(
    ns: number,
    type: number,
    span: number,
    chunk: number,
    key: string,
    data: Buffer,
    value?: Buffer,
  ): void {
    const { page, index } = this.room(span);
    const entry = Buffer.alloc(32, 0xff);
    entry.set([ns, type, span, chunk]);
    entry.fill(0, 8, 24);
    entry.write(key, 8, 'latin1');
    entry.set(data, 24);
    entry.writeUInt32LE(crc(Buffer.concat([entry.subarray(0, 4), entry.subarray(8)])), 4);
    this.program(page * PAGE + 64 + 32 * index, entry);
    if (value !== undefined) this.program(page * PAGE + 64 + 32 * (index + 1), value);
    for (let i = index; i < index + span; i++) {
      this.program(page * PAGE + 32 + (i >> 2), Buffer.of(~(1 << ((i & 3) * 2)) & 0xff));
    }
  }

  private room(span: number): { page: number; index: number } {
    const pages = this.pages();
    const last = pages.at(-1);
    if (last !== undefined && this.state(last) === 0xfffffffe) {
      let index = ENTRIES;
      while (index > 0 && this.bits(last, index - 1) === 3) index--;
      if (index + span <= ENTRIES) return { page: last, index };
      this.program(last * PAGE, Buffer.from('fcffffff', 'hex'));
    }
    const free = Array.from({ length: this.flash.length / PAGE }, (_, i) => i).filter((page) => !pages.includes(page));
    if (free.length < 2) throw new Error('ESP_ERR_NVS_NOT_ENOUGH_SPACE');
    const head = Buffer.alloc(32, 0xff);
    head.writeUInt32LE(0xfffffffe, 0);
    head.writeUInt32LE(last === undefined ? 0 : this.flash.readUInt32LE(last * PAGE + 4) + 1, 4);
    head[8] = 0xfe;
    head.writeUInt32LE(crc(head.subarray(4, 28)), 28);
    this.program(free[0] * PAGE, head);
    return { page: free[0], index: 0 };
  }

  /** Flash can only clear bits. */
  private program(at: number, bytes: Buffer): void {
    for (const [i, byte] of bytes.entries()) this.flash[at + i] &= byte;
  }
}
