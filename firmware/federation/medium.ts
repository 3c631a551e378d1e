/** The gateways' side of the medium: publishes the own site's mean, and takes the others'. */

import { NONE } from '../platform.ts';
import { findGateway, hearGateway, takeClaims } from '../transport/gateways.ts';
import { checkHeader, checkMessages } from '../transport/parse.ts';
import { admit } from '../transport/rate.ts';
import { openSeal } from '../transport/receive.ts';
import { beginDatagram, flush, sendSite } from '../transport/send.ts';
import type { Transport } from '../transport/transport.ts';
import * as wire from '../transport/wire.ts';
import type { DatagramPort } from '../platform.ts';
import { GATEWAY_CYCLE, GATEWAY_ROW } from '../types/gateways.ts';
import type { ShardState } from '../types/state.ts';
import { type Federation, siteTable } from './federation.ts';

/** Publishes the site's guarded mean of each shared key and the sensors behind it, where there are such keys, without what came in from other sites (split horizon). */
export function publishSite(t: Transport, f: Federation, medium: DatagramPort, state: ShardState): void {
  if (t.gateways.capacity === 0) return;
  beginDatagram(t, wire.FLAG_GATEWAY, 0, 1);
  sendSite(t, f.site, state.x, state.sensors);
  flush(t, medium);
}

/**
 * Takes a datagram of the medium in.
 * @returns DROP_NONE, or why it was refused
 */
export function receiveSite(t: Transport, f: Federation, view: DataView, length: number, source: number): number {
  const { layout, shape } = t;
  let wrong = checkHeader(view, length, shape, layout);
  if (wrong !== wire.DROP_NONE) return wrong;
  if (!admit(t.rate, source)) return wire.DROP_RATE;
  if (t.seal !== null) {
    wrong = openSeal(t, t.seal, view, length);
    if (wrong !== wire.DROP_NONE) return wrong;
  }
  wrong = checkMessages(view, length, shape, layout);
  if (wrong !== wire.DROP_NONE) return wrong;
  const { site, tag, cycle } = layout;
  if (site === 0) return wire.DROP_TYPE;
  const name = view.getInt32(site);
  if (name === f.site) return wire.DROP_ECHO;
  const table = siteTable(f, name);
  if (table === null) return wire.DROP_FULL;
  const known = findGateway(table, tag);
  if (known !== NONE && ((cycle - table.rows[known * GATEWAY_ROW + GATEWAY_CYCLE]) | 0) <= 0) return wire.DROP_STALE;
  const slot = hearGateway(table, tag, cycle);
  if (slot === NONE) return wire.DROP_FULL;
  takeClaims(table, slot, t.allKeys, t.settings.keys, view, site + wire.SITE_HEAD_BYTES, wire.SITE_WEIGHT_MAX);
  return wire.DROP_NONE;
}
