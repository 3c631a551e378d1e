/**
 * A node of the bundle on loopback UDP, in a process of its own: `node node-child.mjs OPTIONS`, options as JSON. It
 * broadcasts on 127.0.0.0/8, and a SIGHUP restarts it. With a mutant's name it is broken in just one way: a tool that
 * calls it compliant cannot be trusted.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout } from 'node:timers';
import { pathToFileURL } from 'node:url';

const [, , given] = process.argv;
/** @type {{ bundle: string, address: string, port: number, value: number, mutant: string, key: string, settings: Partial<import('../../../firmware/node.ts').Settings> }} */
const { bundle, address, port, value, mutant, key, settings } = JSON.parse(given);
/** @type {typeof import('../../../firmware/node.ts')} */
const { createNode, defaultSettings } = await import(pathToFileURL(bundle).href);

const HEADER_BYTES = 18;
const AT_TAG = 6;
const AT_FIRST_C = HEADER_BYTES + 3 + 6;
const AT_FIRST_B = AT_FIRST_C + 4;
const TYPE_SDM = 2;
const TAG_BYTES = 16;
const NONE = -1;

const sealKey = createHmac('sha256', Buffer.from(key, 'base64url'))
  .update('lvs/1 authentic')
  .update(Uint8Array.of(1))
  .digest();
const socket = createSocket({ type: 'udp4', reuseAddr: true });
/** @type {Map<number, Buffer>} */
const slots = new Map();
const seen = new Set();
let doubled = 0;
/** @type {number | null} */
let jumped = null;
let deaf = false;

/** @param {Buffer} bytes @param {number} length */
const tagOf = (bytes, length) =>
  createHmac('sha256', sealKey).update(bytes.subarray(0, length)).digest().subarray(0, TAG_BYTES);
/** @param {DataView} view @param {number} length */
const bytesOf = (view, length) => Buffer.from(view.buffer, view.byteOffset, length);

/** What the mutant puts on the wire in place of what the node made; null for nothing. @param {Buffer} bytes */
function mutated(bytes) {
  const hasSDM = bytes.length > AT_FIRST_B + 4 && bytes.readUInt8(HEADER_BYTES) === TYPE_SDM;
  if (mutant === 'same-tag') bytes.writeUInt32BE(0x5eed5eed, AT_TAG);
  if (!hasSDM) return bytes;
  const b = bytes.readInt32BE(AT_FIRST_B);
  switch (mutant) {
    case 'no-sdm':
      return bytes.subarray(0, HEADER_BYTES);
    case 'negative':
      bytes.writeInt32BE(-1 - node.parts.settings.keys[0].reference, AT_FIRST_B);
      break;
    case 'follower':
      if (jumped !== null) bytes.writeInt32BE(jumped, AT_FIRST_B);
      break;
    case 'doubled':
      bytes.writeInt32BE(b + 500 * doubled, AT_FIRST_B);
      doubled = 0;
      break;
    case 'bad-length':
      bytes.writeUInt16BE(bytes.readUInt16BE(HEADER_BYTES + 1) + 1, HEADER_BYTES + 1);
      break;
    case 'serial-number':
      return Buffer.concat([bytes, Buffer.from([200, 0, 8]), Buffer.from('SN000042')]);
    case 'asleep':
      return bytes.readUInt8(17) > 1 ? null : bytes;
    default:
  }
  return bytes;
}

/** @type {import('../../../firmware/node.ts').Platform} */
const platform = {
  clock: { ticks_ms: () => performance.now() | 0, epoch_ms: () => Date.now() },
  datagrams: {
    send: (view, length) => {
      const bytes = mutated(Buffer.from(bytesOf(view, length)));
      if (bytes !== null) socket.send(bytes, port, '127.255.255.255');
      return true;
    },
  },
  medium: null,
  store: {
    read: (slot, into) => {
      const bytes = slots.get(slot) ?? Buffer.alloc(0);
      bytesOf(into, into.byteLength).set(bytes);
      return bytes.length;
    },
    write: (slot, from, length) => {
      slots.set(slot, Buffer.from(bytesOf(from, length)));
      return true;
    },
  },
  random: { word: () => randomBytes(4).readInt32BE() },
  sensors: { read: () => value },
  seal:
    key === ''
      ? null
      : {
          overhead_bytes: TAG_BYTES,
          close: (view, length) => {
            const bytes = bytesOf(view, length + TAG_BYTES);
            bytes.set(tagOf(bytes, length), length);
          },
          open: (view, length) => {
            const bytes = bytesOf(view, length + TAG_BYTES);
            return tagOf(bytes, length).equals(bytes.subarray(length));
          },
        },
  vitals: { battery: () => NONE, load: () => 0 },
  log: { event: () => undefined },
};

/** What the mutant believes that no node may; true when the node is not to hear it at all. @param {Buffer} bytes */
function misheard(bytes) {
  const print = bytes.toString('latin1');
  if (seen.has(print)) doubled++;
  seen.add(print);
  if (mutant === 'deaf') return true;
  if (mutant === 'follower' && bytes.length > AT_FIRST_C + 4) {
    const c = bytes.readInt32BE(AT_FIRST_C);
    if (c > 40 * 65_536) jumped = c;
  }
  if (mutant === 'no-hello' && bytes.length > 3) bytes.writeUInt8(bytes.readUInt8(3) & ~4, 3);
  // A datagram of whatever version is taken for one of version 1.
  if (mutant === 'any-version' && bytes.length > 3) bytes.writeUInt8(1, 2);
  return deaf;
}

/** Sources as numbers. @param {string} text */
const sourceOf = (text) => text.split('.').reduce((word, part) => (word << 8) | Number(part), 0);

function start() {
  const made = createNode(platform, { ...defaultSettings(), ...settings });
  made.start();
  return made;
}

await new Promise((resolve) => socket.bind({ port, address, exclusive: true }, () => resolve(undefined)));
socket.setBroadcast(true);
socket.setRecvBufferSize(1 << 20);
let node = start();
let forged = 1;
socket.on('message', (bytes, from) => {
  if (misheard(bytes)) return;
  // Each datagram looks as if it came from elsewhere: the tag is never bound, and no rate limit applies.
  const source = mutant === 'any-source' ? ++forged : sourceOf(from.address);
  const refused = node.receive(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), bytes.length, source);
  if (mutant === 'fragile' && refused !== 0) deaf = true;
});

function wait() {
  setTimeout(() => {
    if (deaf) return;
    if (mutant === 'rounds-down') node.parts.drift.coefficients.alpha = 0;
    if (mutant === 'no-limits') node.parts.state.energy.fill(1 << 24);
    node.wake();
    wait();
  }, node.untilDue());
}
wait();

process.on('SIGHUP', () => {
  node.shutdown();
  node = start();
});
process.stdout.write('ready\n');
