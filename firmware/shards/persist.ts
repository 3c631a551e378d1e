/**
 * State that survives a restart: two slots, written in turn, each with a sequence number and a checksum, so that a power
 * cut in the middle of a write leaves the other one whole. Agreed values only: nothing that names a node or a session.
 *
 *   0  u32 magic "LVSS"    4  u16 version 2    6  u16 number of keys    8  u32 sequence
 *   12 u32 the swarm's clock, in seconds (`transport/freshness.ts`)
 *   16 for each key: u32 hash of its name, i32 agreed value, i32 anomaly energy
 *   .. u32 CRC-32 of all before
 */

import { crc32 } from '../fixed/hash.ts';
import { NONE, type StorePort } from '../platform.ts';
import type { ShardState } from '../types/state.ts';
import { ENERGY_MAX } from '../types/bounds.ts';

const MAGIC = 0x4c565353;
const VERSION = 2;
const HEAD_BYTES = 16;
const KEY_BYTES = 12;

/** Bytes that a stored state of so many keys takes. */
export function storedBytes(keys: number): number {
  return HEAD_BYTES + KEY_BYTES * keys + 4;
}

export const LOADED = 1;
/** No slot held anything. */
export const LOAD_EMPTY = 0;
/** Something was there and none of it was whole. */
export const LOAD_CORRUPT = -1;

export interface Persistence {
  /** Lent for as long as a state is read or written; as long as the largest state. */
  readonly buffer: DataView;
  /** Sequence number of the newest state stored. */
  sequence: number;
  /** The swarm's clock that was stored, or is to be; 0 where none was. */
  clock_s: number;
}

export function createPersistence(buffer: DataView): Persistence {
  return { buffer, sequence: 0, clock_s: 0 };
}

/** Takes the newest whole slot into the state, key by key by the hash of the name; keys that it does not know stay as they are. */
export function loadShard(store: StorePort, kept: Persistence, state: ShardState): number {
  const first = wholeLength(kept.buffer, store.read(0, kept.buffer));
  const firstSequence = first > 0 ? kept.buffer.getInt32(8) : 0;
  const second = wholeLength(kept.buffer, store.read(1, kept.buffer));
  const secondSequence = second > 0 ? kept.buffer.getInt32(8) : 0;
  if (first <= 0 && second <= 0) return first < 0 || second < 0 ? LOAD_CORRUPT : LOAD_EMPTY;
  const takeFirst = second <= 0 || (first > 0 && ((firstSequence - secondSequence) | 0) > 0);
  const length = takeFirst ? wholeLength(kept.buffer, store.read(0, kept.buffer)) : second;
  if (length <= 0) return LOAD_CORRUPT;
  kept.sequence = takeFirst ? firstSequence : secondSequence;
  kept.clock_s = kept.buffer.getUint32(12);
  takeKeys(kept.buffer, state);
  return LOADED;
}

/** The length when the buffer holds a whole state, 0 when it holds nothing, -1 when it is broken. */
function wholeLength(view: DataView, length: number): number {
  if (length <= 0) return 0;
  if (length < storedBytes(0) || length > view.byteLength) return -1;
  if (view.getInt32(0) !== MAGIC || view.getUint16(4) !== VERSION) return -1;
  if (length !== storedBytes(view.getUint16(6))) return -1;
  return view.getInt32(length - 4) === crc32(view, 0, length - 4) ? length : -1;
}

function takeKeys(view: DataView, state: ShardState): void {
  const stored = view.getUint16(6);
  for (let i = 0; i < stored; i++) {
    const at = HEAD_BYTES + KEY_BYTES * i;
    for (let key = 0; key < state.keys; key++) {
      if (state.nameHash[key] !== view.getInt32(at)) continue;
      const b = view.getInt32(at + 4);
      const energy = view.getInt32(at + 8);
      if (b >= NONE) state.b[key] = b;
      if (energy >= 0 && energy <= ENERGY_MAX) state.energy[key] = energy;
    }
  }
}

/** Writes the state to the older slot. False when the platform could not. */
export function storeShard(store: StorePort, kept: Persistence, state: ShardState): boolean {
  const view = kept.buffer;
  const sequence = (kept.sequence + 1) | 0;
  view.setInt32(0, MAGIC);
  view.setUint16(4, VERSION);
  view.setUint16(6, state.keys);
  view.setInt32(8, sequence);
  view.setUint32(12, kept.clock_s);
  for (let key = 0; key < state.keys; key++) {
    const at = HEAD_BYTES + KEY_BYTES * key;
    view.setInt32(at, state.nameHash[key]);
    view.setInt32(at + 4, state.b[key]);
    view.setInt32(at + 8, state.energy[key]);
  }
  const end = HEAD_BYTES + KEY_BYTES * state.keys;
  view.setInt32(end, crc32(view, 0, end));
  if (!store.write(sequence & 1, view, end + 4)) return false;
  kept.sequence = sequence;
  return true;
}
