/** What an attacker needs of the wire format (docs/protocol.md), written for him alone: he does not run our codec. */

export const AT_FLAGS = 3;

export const AT_CYCLE = 10;
const HEADER_BYTES = 18;
const HEAD_BYTES = 3;
const TYPE_SDM = 2;
const TYPE_RELAY = 4;
const DATAGRAM_MAX = 1232;
const FIRST_HAND = 0x80;

export interface ForgedEntry {
  tag: number;
  cycle: number;
  firstHand: boolean;
  age: number;
  /** Difference from the reference for each key. */
  diffs: number[];
}

/** Calls back with the place of each key's two differences, in the datagram's order. */
export function eachDiff(view: DataView, length: number, found: (at: number) => void): void {
  eachMessage(view, length, (type, body, bytes) => {
    if (type !== TYPE_SDM) return;
    for (let at = body + 6; at < body + bytes; at += 8) found(at);
  });
}

/** The datagram without its relayed entries, and with these instead, as many as fit. */
export function withEntries(view: DataView, length: number, entries: ForgedEntry[]): DataView {
  const out = new DataView(new ArrayBuffer(DATAGRAM_MAX));
  let used = copy(view, 0, HEADER_BYTES, out, 0);
  eachMessage(view, length, (type, body, bytes) => {
    if (type !== TYPE_RELAY) used = copy(view, body - HEAD_BYTES, bytes + HEAD_BYTES, out, used);
  });
  const entryBytes = 7 + 4 * (entries[0]?.diffs.length ?? 0);
  const fit = entries.slice(0, Math.floor((DATAGRAM_MAX - used - HEAD_BYTES - 1) / entryBytes));
  if (fit.length === 0) return new DataView(out.buffer, 0, used);
  out.setUint8(used, TYPE_RELAY);
  out.setUint16(used + 1, 1 + fit.length * entryBytes);
  out.setUint8(used + HEAD_BYTES, 4);
  used += HEAD_BYTES + 1;
  for (const { tag, cycle, firstHand, age, diffs } of fit) {
    out.setInt32(used, tag);
    out.setUint16(used + 4, cycle & 0xffff);
    out.setUint8(used + 6, age | (firstHand ? FIRST_HAND : 0));
    diffs.forEach((diff, key) => {
      out.setInt32(used + 7 + 4 * key, diff);
    });
    used += entryBytes;
  }
  return new DataView(out.buffer, 0, used);
}

function eachMessage(view: DataView, length: number, found: (type: number, body: number, bytes: number) => void): void {
  for (let at = HEADER_BYTES; at + HEAD_BYTES <= length;) {
    const bytes = view.getUint16(at + 1);
    found(view.getUint8(at), at + HEAD_BYTES, bytes);
    at += HEAD_BYTES + bytes;
  }
}

function copy(from: DataView, at: number, bytes: number, to: DataView, place: number): number {
  for (let i = 0; i < bytes; i++) to.setUint8(place + i, from.getUint8(at + i));
  return place + bytes;
}
