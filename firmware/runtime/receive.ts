/** A datagram's way into the node: the transport checks it, and each module takes what is its own. */

import { cacheEntropy, ENTROPY_CACHE, normalizeEntropy } from '../entropy/engine.ts';
import { receiveSite } from '../federation/medium.ts';
import { mergeDiff } from '../shards/merge.ts';
import { beginSDM, endSDM, receiveBeacon, receiveClaims, receiveDatagram, receiveEP } from '../transport/receive.ts';
import { receiveRelays } from '../transport/receive-relays.ts';
import { DROP_RANGE } from '../transport/wire.ts';
import { EVENT_LIAR_CAUGHT } from './events.ts';
import type { Parts } from './parts.ts';

/**
 * Takes the datagram in view[0..length) from the address that `source` stands for (any number but 0).
 * @returns 0, or the DROP_ number that says why it was refused; it has then changed nothing but a counter
 * @cycle
 */
export function receive(node: Parts, view: DataView, length: number, source: number): number {
  const transport = node.transport;
  const layout = transport.layout;
  transport.handled++;
  const slot = receiveDatagram(transport, view, length, source);
  if (slot <= 0) {
    if (slot < 0) transport.drops[-slot]++;
    return slot < 0 ? -slot : 0;
  }
  const lies = transport.lies;
  if (layout.sdms > 0) {
    const table = transport.table;
    const shape = transport.shape;
    const relay = beginSDM(transport, slot);
    let keys: number[];
    let refused: number;
    for (let i = 0; i < layout.sdms; i++) {
      keys = shape.keysOfShard[layout.sdmShard[i]];
      refused = mergeDiff(table, slot, keys, shape.lowest, shape.highest, view, layout.sdmAt[i]);
      if (refused > 0) transport.drops[DROP_RANGE] += refused;
    }
    endSDM(transport, slot, relay);
  }
  if (layout.claims > 0) receiveClaims(transport, view);
  if (layout.ep > 0 && node.state.entropyCount < ENTROPY_CACHE) {
    const words = receiveEP(transport, view, slot);
    if (words > 0 && normalizeEntropy(transport.vector, words)) cacheEntropy(node.state, transport.vector, words);
  }
  if (layout.relay > 0) receiveRelays(transport, view, slot);
  if (layout.beacon > 0) receiveBeacon(transport, view, slot);
  if (transport.lies !== lies) node.platform.log.event(EVENT_LIAR_CAUGHT, transport.lastLiar, 0);
  return 0;
}

/**
 * The same for a datagram that came over the medium between gateways.
 * @cycle
 */
export function receiveMedium(node: Parts, view: DataView, length: number, source: number): number {
  if (node.federation === null) return 0;
  const reason = receiveSite(node.transport, node.federation, view, length, source);
  if (reason !== 0) node.transport.drops[reason]++;
  return reason;
}
