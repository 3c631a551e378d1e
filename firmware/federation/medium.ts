/** The gateways' side of the medium: publishes the own site's mean, and takes the others'. */

import { NONE } from '../platform.ts';
import { hearGateway, takeClaims } from '../transport/gateways.ts';
import { checkHeader, checkMessages } from '../transport/parse.ts';
import { admit } from '../transport/rate.ts';
import { beginDatagram, flush, sendSite } from '../transport/send.ts';
import type { Transport } from '../transport/transport.ts';
import * as wire from '../transport/wire.ts';
import type { DatagramPort } from '../platform.ts';
import type { ShardState } from '../types/state.ts';
import { type Federation, siteTable } from './federation.ts';

/** Publishes the site's guarded mean and the sensors behind it, without what came in from other sites (split horizon). */
export function publishSite(t: Transport, f: Federation, medium: DatagramPort, state: ShardState): void {
  beginDatagram(t, wire.FLAG_GATEWAY, 0, 1);
  sendSite(t, f.site, state.x, state.sensors);
  flush(t, medium);
}

/**
 * Takes a datagram of the medium in.
 * @returns DROP_NONE, or why it was refused
 */
export function receiveSite(t: Transport, f: Federation, view: DataView, length: number, source: number): number {
  let wrong = checkHeader(view, length, t.shape);
  if (wrong !== wire.DROP_NONE) return wrong;
  if (!admit(t.rate, source)) return wire.DROP_RATE;
  if (t.seal !== null && !t.seal.open(view, length - t.seal.overhead_bytes)) return wire.DROP_SEAL;
  wrong = checkMessages(view, length, t.shape, t.layout);
  if (wrong !== wire.DROP_NONE) return wrong;
  const { site } = t.layout;
  if (site === 0) return wire.DROP_TYPE;
  const name = view.getInt32(site);
  if (name === f.site) return wire.DROP_ECHO;
  const table = siteTable(f, name);
  if (table === null) return wire.DROP_FULL;
  const tag = view.getInt32(wire.AT_TAG);
  const cycle = view.getInt32(wire.AT_CYCLE);
  for (let slot = 0; slot < table.count; slot++) {
    if (table.tag[slot] === tag && ((cycle - table.cycle[slot]) | 0) <= 0) return wire.DROP_STALE;
  }
  const slot = hearGateway(table, tag, cycle);
  if (slot === NONE) return wire.DROP_FULL;
  takeClaims(table, slot, t.allKeys, t.settings.keys, view, site + wire.SITE_HEAD_BYTES, wire.SITE_WEIGHT_MAX);
  return wire.DROP_NONE;
}
