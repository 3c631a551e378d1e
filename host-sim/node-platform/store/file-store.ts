/**
 * The store port on a folder: two slots, each a file that is replaced as a whole. A slot that is broken is set aside for
 * whoever wants to look at it, never deleted; the node then takes the other one, or recovers from its peers.
 */
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StorePort } from '../../../firmware/node.ts';
import { errorCode, systemReason } from '../../../tools/cli/errors.ts';
import { EXIT_NEWER_STORE, EXIT_STATE_FOLDER, NodeFailure } from '../failure.ts';
import { makeFolder } from './folder.ts';
import { CONTENT_MAX_BYTES, readSlot, replaceFile, slotBytes, STORE_VERSION } from './slot-file.ts';

const SLOTS = ['slot0', 'slot1'] as const;
/** What the firmware is given of a broken slot that has no content: too short to be whole, so it knows that it lost one. */
const BROKEN = Buffer.alloc(1);

export interface SetAside {
  /** Where the broken file is now. */
  path: string;
  why: string;
}

export interface FileStoreOptions {
  folder: string;
  onSetAside: (slot: SetAside) => void;
  /** A write failed: the node goes on, and tries again when it next stores. */
  onError: (why: string) => void;
  epoch_ms: () => number;
}

/** 20260131T235959123Z: sorts, and every file system takes it. */
function timestamp(epoch_ms: number): string {
  return new Date(epoch_ms).toISOString().replace(/[-:.]/g, '');
}

export class FileStore implements StorePort {
  readonly #options: FileStoreOptions;
  readonly #contents: (Buffer | null)[] = [null, null];

  /** @throws NodeFailure when the folder cannot be used, or holds the store of a newer version */
  constructor(options: FileStoreOptions) {
    this.#options = options;
    const { folder } = options;
    try {
      makeFolder(folder);
    } catch (error) {
      throw new NodeFailure(EXIT_STATE_FOLDER, `--state ${folder}: cannot be made: ${systemReason(error)}`);
    }
    SLOTS.forEach((_, slot) => {
      this.#contents[slot] = this.#load(slot);
    });
    this.#checkWritable();
  }

  #path(slot: number): string {
    return join(this.#options.folder, SLOTS[slot]);
  }

  #load(slot: number): Buffer | null {
    const path = this.#path(slot);
    let bytes: Buffer;
    try {
      bytes = readFileSync(path);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw new NodeFailure(EXIT_STATE_FOLDER, `--state: ${path} cannot be read: ${systemReason(error)}`);
    }
    const found = readSlot(bytes);
    if (found.kind === 'whole') return found.content;
    if (found.kind === 'newer') {
      throw new NodeFailure(
        EXIT_NEWER_STORE,
        `--state: ${path} has format ${found.version}, and this program knows formats up to ${STORE_VERSION}; ` +
          `update this program, or give another --state folder`,
      );
    }
    this.#setAside(slot, found.why);
    return BROKEN;
  }

  #setAside(slot: number, why: string): void {
    const path = this.#path(slot);
    const aside = `${path}.corrupt-${timestamp(this.#options.epoch_ms())}`;
    try {
      renameSync(path, aside);
    } catch (error) {
      throw new NodeFailure(EXIT_STATE_FOLDER, `--state: ${path} cannot be set aside: ${systemReason(error)}`);
    }
    this.#options.onSetAside({ path: aside, why });
  }

  /** Told at the start, not when the first state is to be stored. */
  #checkWritable(): void {
    const { folder } = this.#options;
    const probe = join(folder, 'slot.new');
    try {
      replaceFile(probe, Buffer.alloc(0));
      rmSync(probe);
    } catch (error) {
      throw new NodeFailure(EXIT_STATE_FOLDER, `--state ${folder}: cannot be written to: ${systemReason(error)}`);
    }
  }

  /** The firmware found no whole state in what the files hold, though the files are whole: they are set aside too. */
  distrust(): void {
    this.#contents.forEach((content, slot) => {
      if (content === null || content === BROKEN) return;
      this.#setAside(slot, 'the node finds no state in it');
      this.#contents[slot] = BROKEN;
    });
  }

  read(slot: number, into: DataView): number {
    const content = this.#contents.at(slot) ?? null;
    if (content === null || content.length > into.byteLength) return content === null ? 0 : 1;
    content.copy(new Uint8Array(into.buffer, into.byteOffset, into.byteLength));
    return content.length;
  }

  write(slot: number, from: DataView, length: number): boolean {
    if (length > CONTENT_MAX_BYTES) return false;
    const content = Buffer.from(new Uint8Array(from.buffer, from.byteOffset, length));
    try {
      replaceFile(this.#path(slot), slotBytes(content));
    } catch (error) {
      this.#options.onError(`${this.#path(slot)}: ${systemReason(error)}`);
      return false;
    }
    this.#contents[slot] = content;
    return true;
  }
}
