/**
 * Sessions: a node is known by a random tag that it draws at start and anew every few hours, kept in RAM only. Nothing
 * else that it sends or stores says which node it is (blueprint 8.4).
 */

import { draw, mix } from '../entropy/pool.ts';
import { below } from '../fixed/words.ts';
import { noteGone } from '../transport/peers.ts';
import { TAG } from '../types/table.ts';
import { EVENT_SESSION_RENEWED } from './events.ts';
import type { Parts } from './parts.ts';

/** Cycles for which a new session names the one before in beacons: at 60 % loss one in 3,500 peers misses all of them. */
const TELL_CYCLES = 16;

/** Draws the first tag. */
export function beginSession(node: Parts): void {
  drawSession(node);
  node.session.earlier = 0;
  node.session.tellEarlier = 0;
}

/** Once a cycle: draws a new tag when the session's time is over. */
export function watchSession(node: Parts, periods: number): void {
  const { session, transport } = node;
  if (session.tellEarlier > 0) session.tellEarlier--;
  session.left -= periods;
  if (session.left > 0) return;
  const earlier = transport.tag;
  noteGone(transport.table, earlier, (transport.cycle + transport.cycleOffset) & 0xffff);
  drawSession(node);
  session.earlier = earlier;
  session.tellEarlier = TELL_CYCLES;
  node.platform.log.event(EVENT_SESSION_RENEWED, 0, 0);
}

function drawSession(node: Parts): void {
  const { session, transport, settings } = node;
  transport.tag = drawWord(node);
  transport.table.rows[TAG] = transport.tag;
  transport.cycleOffset = drawWord(node);
  transport.salt = drawWord(node);
  transport.sentHash.fill(0);
  session.nonce = drawWord(node);
  session.left = settings.session_cycles + below(drawWord(node), settings.session_cycles);
}

/** Any word but 0, which stands for none. */
function drawWord(node: Parts): number {
  const { random } = node.platform;
  mix(node.pool, random.word(), random.word());
  const word = draw(node.pool);
  return word === 0 ? 1 : word;
}
