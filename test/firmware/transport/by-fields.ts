/** The firmware's sending functions, told what to send field by field instead of by a cycle. */
import { DIFF_NONE } from '../../../firmware/fixed/diff.ts';
import { NONE } from '../../../firmware/platform.ts';
import { AGE, BY, CYCLE, ROW, SENT_AT } from '../../../firmware/types/table.ts';
import { addRelayedPeer } from '../../../firmware/transport/peers.ts';
import * as send from '../../../firmware/transport/send.ts';
import type { Transport } from '../../../firmware/transport/transport.ts';
import * as wire from '../../../firmware/transport/wire.ts';
import type { Fields, MeanDiff, Message, Relay } from '../../vectors/format.ts';
import { copyOf } from '../harness.ts';

const FLAG_BITS: Record<string, number> = {
  sealed: 0,
  leaving: wire.FLAG_LEAVING,
  hello: wire.FLAG_HELLO,
  gateway: wire.FLAG_GATEWAY,
};

/** Sends these fields through a transport that has not sent or heard anything yet; returns the datagram. */
export function sendFields(t: Transport, fields: Fields): DataView {
  t.tag = fields.tag | 0;
  t.cycle = fields.cycle;
  t.cycleOffset = 0;
  t.freshness.clock_s = fields.clock_s ?? 0;
  t.table.count = fields.held + 1;
  let flags = 0;
  for (const flag of fields.flags) flags |= FLAG_BITS[flag];
  send.beginDatagram(t, flags, fields.mean_age, fields.pace);
  t.table.count = 1;
  sendSDMs(t, fields.messages);
  sendClaims(t, fields.messages);
  for (const message of fields.messages) sendOne(t, message);
  let sent: DataView = new DataView(new ArrayBuffer(0));
  send.flush(t, {
    send: (view, length) => {
      sent = copyOf(view, length);
      return true;
    },
  });
  return sent;
}

function sendSDMs(t: Transport, messages: Message[]): void {
  const keys = t.settings.keys;
  const told = t.table.values.subarray(0, 2 * keys.length).fill(DIFF_NONE);
  const sdms = messages.filter((message) => message.type === 'sdm');
  for (const { key, c, b } of sdms.flatMap(({ diff_vector }) => diff_vector)) {
    const index = keys.findIndex(({ name }) => name === key);
    told[2 * index] = c ?? DIFF_NONE;
    told[2 * index + 1] = b ?? DIFF_NONE;
  }
  if (sdms.length > 0) send.sendSDM(t);
}

function means(t: Transport, vector: MeanDiff[]): [Int32Array, Int32Array] {
  const keys = t.settings.keys;
  const values = new Int32Array(keys.length).fill(NONE);
  const weights = new Int32Array(keys.length);
  for (const { key, value, weight } of vector) {
    const index = keys.findIndex(({ name }) => name === key);
    values[index] = value === null ? NONE : value + keys[index].reference;
    weights[index] = weight;
  }
  return [values, weights];
}

function sendClaims(t: Transport, messages: Message[]): void {
  const claims = messages.filter((message) => message.type === 'claims');
  if (claims.length > 0)
    send.sendClaims(
      t,
      ...means(
        t,
        claims.flatMap(({ diff_vector }) => diff_vector),
      ),
    );
}

function sendOne(t: Transport, message: Message): void {
  if (message.type === 'ep') {
    const { entropy_vector, timestamp, node_load } = message;
    send.sendEP(t, Int32Array.from(entropy_vector), entropy_vector.length, timestamp, node_load);
  } else if (message.type === 'beacon') {
    t.settings.cycle_ms = message.cycle_ms;
    send.sendBeacon(t, message.nonce | 0, message.earlier | 0);
  } else if (message.type === 'relay') {
    sendRelay(t, message);
  } else if (message.type === 'site') {
    send.sendSite(t, message.site | 0, ...means(t, message.diff_vector));
  }
}

/** The transport passes on what its table holds, in the order in which it passed it on before: as it is written here. */
function sendRelay(t: Transport, { entries }: Relay): void {
  const { table } = t;
  entries.forEach(({ tag, cycle, first_hand, age, diffs }, i) => {
    const slot = addRelayedPeer(table, tag | 0);
    const at = slot * ROW;
    table.rows[at + CYCLE] = cycle;
    table.rows[at + AGE] = age;
    table.rows[at + BY] = first_hand ? 0 : 1;
    table.rows[at + SENT_AT] = i;
    diffs.forEach((diff, key) => {
      table.values[(slot * table.keys + key) * 2] = diff ?? DIFF_NONE;
    });
  });
  t.demand = 1;
  send.sendRelays(t);
}
