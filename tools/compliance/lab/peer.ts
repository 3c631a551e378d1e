/** One scripted peer: a tag, a counter, and what it says of each key. */
import { randomBytes } from 'node:crypto';
import { encodeBeacon, encodeHeader, encodeMessage, encodeSDM } from '../wire/encode.ts';
import { FLAG_LEAVING, NO_PAIR, type Pair, SDM_HEAD_BYTES, SHARD_CLAIM } from '../wire/format.ts';
import type { Cell, Swarm } from './swarm.ts';

export function randomTag(): number {
  return randomBytes(4).readUInt32BE() || 1;
}

export interface Telling {
  /** Instead of the next number of its counter. */
  cycle?: number;
  tag?: number;
  flags?: number;
  /** Instead of what it says of its first key. */
  pair?: Pair;
  /** drift_weight, Q16.16. */
  weight?: number;
  /** Its SDMs as claims, which only gateways may send. */
  claims?: boolean;
  /** Behind the SDMs. */
  messages?: readonly Uint8Array[];
  header?: { magic?: number; version?: number; swarm_id?: number; pace?: number };
}

export class Peer {
  readonly address: number;
  tag = randomTag();
  readonly nonce = randomTag();
  cycle = 0;
  /** A silent peer says nothing in a turn. */
  silent = false;
  readonly #swarm: Swarm;
  readonly #said = new Map<Cell, Pair>();

  /** @param address index of the address that it sends from */
  constructor(swarm: Swarm, address: number) {
    this.#swarm = swarm;
    this.address = address;
  }

  say(cell: Cell, pair: Pair): void {
    this.#said.set(cell, pair);
  }

  said(cell: Cell): Pair {
    return this.#said.get(cell) ?? NO_PAIR;
  }

  /** The next datagram, without a seal. It holds everyone else, so that nobody relays for its sake. */
  tell(others: number, telling: Telling = {}): Buffer {
    const { tag = this.tag, flags = 0, messages = [], header = {} } = telling;
    const cycle = telling.cycle ?? ++this.cycle;
    const head = encodeHeader({ swarm_id: this.#swarm.swarm_id, tag, cycle, flags, held: others, ...header });
    return Buffer.concat([head, ...this.sdms(telling), ...messages]);
  }

  farewell(): Buffer {
    const head = { swarm_id: this.#swarm.swarm_id, tag: this.tag, cycle: ++this.cycle, flags: FLAG_LEAVING };
    return encodeHeader(head);
  }

  beacon(cycle_ms: number): Buffer {
    return encodeBeacon(this.nonce, cycle_ms);
  }

  /** One for each shard of which it has something to say, and for the first one that is known. */
  sdms({ pair, weight, claims = false }: Telling = {}): Buffer[] {
    const { cells, keysOfShard } = this.#swarm;
    const found: Buffer[] = [];
    keysOfShard.forEach((count, shard) => {
      if (count === undefined) return;
      const pairs = new Array<Pair>(count).fill(NO_PAIR);
      for (const cell of cells) if (cell.shard === shard) pairs[cell.index] = this.said(cell);
      const [first] = cells;
      if (pair !== undefined && first.shard === shard) pairs[first.index] = pair;
      const isEmpty = pairs.every(({ c, b }) => c === null && b === null);
      if (isEmpty && found.length > 0) return;
      found.push(encodeSDM(shard + (claims ? SHARD_CLAIM : 0), pairs, weight));
    });
    return found;
  }
}

/** An SDM whose body is cut or stretched to so many bytes. */
export function sdmOfBytes(shard: number, bytes: number): Buffer {
  const body = Buffer.alloc(Math.max(bytes, SDM_HEAD_BYTES));
  body.writeUInt16BE(shard, 0);
  body.writeUInt32BE(0x10000, 2);
  return encodeMessage(2, body.subarray(0, bytes));
}
