/** Datagrams that must be refused, each by a rule of docs/protocol.md, each carrying a contribution that would show if it were taken. */
import { randomBytes } from 'node:crypto';
import type { Lab } from '../lab/lab.ts';
import { type Peer, sdmOfBytes, type Telling } from '../lab/peer.ts';
import { encodeBeacon, encodeEP, encodeMessage } from '../wire/encode.ts';
import {
  DATAGRAM_MAX,
  FLAG_SEALED,
  HEADER_BYTES,
  type Pair,
  SDM_HEAD_BYTES,
  TYPE_BEACON,
  TYPE_EP,
  TYPE_RELAY,
  TYPE_SITE,
  TYPE_SKIPPED,
} from '../wire/format.ts';

export interface Malformed {
  name: string;
  /** The datagram, or null where it cannot be made for this swarm. */
  make: (peer: Peer, pair: Pair, lab: Lab) => Buffer | null;
  /** False where the seal itself is what is wrong. */
  seal?: boolean;
}

const build = (lab: Lab, peer: Peer, pair: Pair, telling: Telling = {}): Buffer =>
  peer.tell(lab.peers.length, { ...telling, pair });

/** One that is right but for what `telling` says. */
function telling(name: string, of: (lab: Lab) => Telling | null): Malformed {
  return {
    name,
    make: (peer, pair, lab) => {
      const said = of(lab);
      return said === null ? null : build(lab, peer, pair, said);
    },
  };
}

/** A right one with a message behind it that is not. */
const followed = (name: string, message: (lab: Lab) => Uint8Array | null): Malformed =>
  telling(name, (lab) => {
    const one = message(lab);
    return one === null ? null : { messages: [one] };
  });

/** A right one whose bytes are changed afterwards. */
const changed = (name: string, change: (bytes: Buffer, lab: Lab) => Buffer | null): Malformed => ({
  name,
  make: (peer, pair, lab) => change(build(lab, peer, pair), lab),
});

const words = (count: number): number[] => Array.from({ length: count }, (_, i) => 0x01020304 * (i + 1));
const ep = (count: number): Buffer => encodeEP(Date.now(), 0, words(count));

const keysOfFirst = (lab: Lab): number => lab.swarm?.keysOfShard.find((count) => count !== undefined) ?? 0;

/** The number of all keys is known only to whoever was told. */
function allKeys({ swarm }: Lab): number | null {
  return swarm?.told === true ? swarm.cells.length : null;
}

const HEADERS: readonly Malformed[] = [
  changed('cut to 17 bytes', (bytes) => bytes.subarray(0, HEADER_BYTES - 1)),
  changed('empty', () => Buffer.alloc(0)),
  telling('another magic', () => ({ header: { magic: 0x4c57 } })),
  telling('version 2', () => ({ header: { version: 2 } })),
  telling('flag 16', () => ({ flags: 16 })),
  telling('flag 128', () => ({ flags: 128 })),
  telling('another swarm id', ({ swarm }) => ({ header: { swarm_id: (swarm?.swarm_id ?? 0) ^ 1 } })),
  telling('pace 0', () => ({ header: { pace: 0 } })),
  followed('1,300 bytes', () => encodeMessage(TYPE_SKIPPED + 72, Buffer.alloc(1300 - HEADER_BYTES))),
  followed(`${DATAGRAM_MAX + 1} bytes and more`, (lab) => {
    const told = HEADER_BYTES + 3 + SDM_HEAD_BYTES + 8 * keysOfFirst(lab) + 3;
    return encodeMessage(TYPE_SKIPPED + 72, Buffer.alloc(Math.max(1, DATAGRAM_MAX + 1 - told)));
  }),
];

const MESSAGES: readonly Malformed[] = [
  followed('message of type 0', () => encodeMessage(0, Buffer.alloc(4))),
  followed('message of type 6', () => encodeMessage(6, Buffer.alloc(4))),
  followed('message of type 127', () => encodeMessage(127, Buffer.alloc(4))),
  followed('two bytes behind the last message', () => Buffer.from([TYPE_SKIPPED, 0])),
  followed('message longer than the datagram', () => encodeMessage(TYPE_SKIPPED, Buffer.alloc(4), 40)),
  changed('cut in the middle of its SDM', (bytes) => bytes.subarray(0, bytes.length - 3)),
  followed('SDM of 5 bytes', () => sdmOfBytes(0, 5)),
  followed('a second SDM of the first shard', (lab) => sdmOfBytes(0, SDM_HEAD_BYTES + 8 * keysOfFirst(lab))),
  followed('SDM of a shard that there is not', ({ swarm }) =>
    swarm?.told === true ? sdmOfBytes(swarm.shards, SDM_HEAD_BYTES) : null,
  ),
  followed('SDM of shard 9,999', () => sdmOfBytes(9999, SDM_HEAD_BYTES)),
  followed('EP with one word', () => ep(1)),
  followed('EP with nine words', () => ep(9)),
  followed('EP of 19 bytes', () => encodeMessage(TYPE_EP, Buffer.alloc(19))),
  followed('two EPs', () => Buffer.concat([ep(2), ep(2)])),
  followed('beacon of 9 bytes', () => encodeMessage(TYPE_BEACON, Buffer.alloc(9))),
  followed('two beacons', ({ cycle_ms }) => Buffer.concat([encodeBeacon(5, cycle_ms), encodeBeacon(5, cycle_ms)])),
  followed('empty relay', () => encodeMessage(TYPE_RELAY, Buffer.alloc(0))),
  followed('relay of width 1', () => encodeMessage(TYPE_RELAY, Buffer.from([1, 0, 0, 0]))),
  followed('relay of width 5', () => encodeMessage(TYPE_RELAY, Buffer.from([5, 0, 0, 0]))),
  followed('relay with half an entry', () => encodeMessage(TYPE_RELAY, Buffer.from([2, 0, 0, 0, 1]))),
  followed('site message of a wrong length', (lab) => {
    const keys = allKeys(lab);
    return keys === null ? null : encodeMessage(TYPE_SITE, Buffer.alloc(4 + 8 * keys + 1));
  }),
];

const OTHERS: readonly Malformed[] = [
  telling('the target’s own tag', ({ ledger }) => ({ tag: ledger.last?.heard.tag ?? 1 })),
  telling('tag 0', () => ({ tag: 0 })),
  { name: '64 random bytes', make: () => randomBytes(64) },
  { name: '1,232 random bytes', make: () => randomBytes(DATAGRAM_MAX) },
  changed('a header, then random bytes', (bytes) => Buffer.concat([bytes.subarray(0, HEADER_BYTES), randomBytes(40)])),
];

/** Only where the swarm has a seal, or only where it has none. */
const SEALED: readonly Malformed[] = [
  {
    name: 'sealed, though the swarm has no seal',
    seal: false,
    make: (peer, pair, lab) =>
      lab.options.seal === null ? build(lab, peer, pair, { flags: FLAG_SEALED, messages: [randomBytes(16)] }) : null,
  },
  {
    name: 'without a seal in a sealed swarm',
    seal: false,
    make: (peer, pair, lab) => (lab.options.seal === null ? null : build(lab, peer, pair)),
  },
  {
    name: 'sealed with another key',
    seal: false,
    make: (peer, pair, lab) => {
      const { seal } = lab.options;
      if (seal === null) return null;
      const sealed = seal.close(build(lab, peer, pair, { flags: FLAG_SEALED }));
      sealed.writeUInt8(sealed.readUInt8(sealed.length - 1) ^ 1, sealed.length - 1);
      return sealed;
    },
  },
];

export const MALFORMED: readonly Malformed[] = [...HEADERS, ...MESSAGES, ...OTHERS, ...SEALED];
