/**
 * A crowd of members in one process, as company for the node that is measured: real firmware, each member at an address of
 * its own, all on one port. Its orders are one argument, JSON (`CrowdOrders`). Says `ready`, then again and again how many
 * datagrams it has sent, and ends when standard input does.
 */
import { createSocket } from 'node:dgram';
import process from 'node:process';
import type { LvsNode } from '../../../firmware/node.ts';
import { sourceOf } from '../../node-platform/address.ts';
import { clock, systemRandom } from '../../node-platform/ports.ts';
import { readKeyFile } from '../../node-platform/seal/key-file.ts';
import { createSeal } from '../../node-platform/seal/seal.ts';
import { loadBundle } from '../../world/bundle.ts';
import { benchKeys, memberAddress, SWARM, type CrowdOrders } from './members.ts';

const EVERYONE = '127.255.255.255';
const orders = JSON.parse(process.argv[2]) as CrowdOrders;
const { api } = await loadBundle();
const keys = readKeyFile(orders.key_file);
const settings = {
  ...api.defaultSettings(),
  ...{ swarm: SWARM, keys: benchKeys(orders.keys), cycle_ms: orders.cycle_ms },
};

const TELL_MS = 100;
let sent = 0;

interface Member {
  node: LvsNode;
  source: number;
}

async function join(index: number): Promise<Member> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true, lookup: (host, _family, done) => done(null, host, 4) });
  await new Promise<void>((resolve) => socket.bind({ port: orders.port, address: memberAddress(index) }, resolve));
  socket.setBroadcast(true);
  const node = api.createNode(
    {
      clock,
      datagrams: {
        send: (view, length) => {
          const bytes = Buffer.from(new Uint8Array(view.buffer, view.byteOffset, length));
          socket.send(bytes, orders.port, EVERYONE, (error) => {
            if (error === null) sent++;
          });
          return true;
        },
      },
      medium: null,
      store: { read: () => 0, write: () => true },
      random: systemRandom(),
      // Evenly from 20 to 30, so that the mean of a crowd is 25.
      sensors: { read: () => Math.round(65_536 * (20 + (10 * index) / Math.max(1, orders.members - 1))) },
      seal: createSeal(keys, { private: false }),
      vitals: { battery: () => -1, load: () => 0 },
      log: { event: () => undefined },
    },
    settings,
  );
  return { node, source: sourceOf(memberAddress(index)) };
}

const members: Member[] = [];
for (let index = 0; index < orders.members; index++) members.push(await join(index));

const everyone = createSocket({ type: 'udp4', reuseAddr: true });
everyone.on('message', (bytes, { address }) => {
  const from = sourceOf(address);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const { node, source } of members) if (source !== from) node.receive(view, bytes.length, from);
});
everyone.bind(orders.port, '0.0.0.0', () => {
  for (const { node } of members) {
    node.start();
    const wait = (): void => {
      setTimeout(() => {
        node.wake();
        wait();
      }, node.untilDue());
    };
    wait();
  }
  process.stdout.write(`${JSON.stringify({ type: 'ready' })}\n`);
  setInterval(() => process.stdout.write(`${JSON.stringify({ type: 'sent', datagrams: sent })}\n`), TELL_MS);
});
process.stdin.resume().on('close', () => process.exit());
