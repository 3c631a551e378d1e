/**
 * Runs a swarm of the bundle's nodes in one process of its own and prints, as JSON, what it left on the young heap while
 * nothing was collected: `node --expose-gc heap-child.mjs BUNDLE VARIANT`. Ports and network here allocate nothing, so
 * whatever is counted was allocated by the nodes; only the variant `making` has a sensor that makes an object a reading.
 */
import { PerformanceObserver } from 'node:perf_hooks';
import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import v8 from 'node:v8';

const [, , bundlePath, variant] = process.argv;
/** @type {typeof import('../../firmware/node.ts')} */
const { createNode, defaultSettings } = await import(pathToFileURL(bundlePath).href);

const NODES = 17;
const KEYS = 8;
const ONE = 65_536;
/** So many cycles of 17 nodes until the engine has compiled what runs often. */
const WARM_UP_CYCLES = 8_000;
const CYCLES = 10_000;
/** Nodes are woken this often; a cycle of theirs is a second. */
const STEP_MS = 50;
/** Of 16 datagrams so many arrive: few enough that relays are asked for. */
const ARRIVE_OF_16 = 2;

let now_ms = 0;
let random = 0x9e3779b9;
/** What the variant `making` holds on to, so that its object is really made. */
const held = [{ key: 0 }];

/** xorshift32 */
function word() {
  random ^= random << 13;
  random ^= random >>> 17;
  random ^= random << 5;
  return random;
}

/** @type {import('../../firmware/node.ts').LvsNode[]} */
const nodes = [];
const halfway = variant === 'sites' ? NODES >> 1 : NODES;

/** @type {(from: number, view: DataView, length: number) => void} */
function broadcast(from, view, length) {
  for (let to = 0; to < nodes.length; to++) {
    if (to === from || to < halfway !== from < halfway) continue;
    if ((word() & 15) < ARRIVE_OF_16) nodes[to].receive(view, length, from + 1);
  }
}

/** @type {(index: number, key: number) => number} */
function reading(index, key) {
  if (variant === 'making') held[0] = { key };
  return 20 * ONE + ((index * 40_503 + key * 9973 + (now_ms >> 12)) & 0x3ffff);
}

/** @type {(index: number) => import('../../firmware/node.ts').Platform} */
function platformOf(index) {
  const isGateway = variant === 'sites' && (index === 0 || index === halfway);
  const other = index === 0 ? halfway : 0;
  return {
    clock: { ticks_ms: () => now_ms, epoch_ms: () => 0 },
    datagrams: {
      send: (view, length) => {
        broadcast(index, view, length);
        return true;
      },
    },
    medium: isGateway
      ? {
          send: (view, length) => {
            nodes[other].receiveMedium(view, length, index + 1);
            return true;
          },
        }
      : null,
    store: { read: () => 0, write: () => true },
    random: { word },
    sensors: { read: (key) => reading(index, key) },
    seal: null,
    vitals: { battery: () => -1, load: () => 0 },
    log: { event: () => undefined },
  };
}

/** @type {(index: number) => import('../../firmware/node.ts').Settings} */
function settingsOf(index) {
  const keys = Array.from({ length: KEYS }, (_, i) => {
    const scope = variant === 'sites' ? i & 1 : 0;
    const band = { floor: 655, span: 10 * ONE, low: 0, high: 100 * ONE, reference: 20 * ONE };
    return { name: `key${i}`, ...band, guard: true, estimator: i % 3, scope };
  });
  return { ...defaultSettings(), keys, table: 2 * NODES, site: index < halfway ? 'one' : 'two' };
}

/** @type {(cycles: number) => void} */
function run(cycles) {
  const until_ms = now_ms + cycles * 1000;
  for (; now_ms < until_ms; now_ms += STEP_MS) for (let i = 0; i < NODES; i++) nodes[i].wake();
}

function youngBytes() {
  const young = v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  if (young === undefined) throw new Error('this engine has no heap space "new_space"');
  return young.space_used_size;
}

let collections = 0;
new PerformanceObserver((list) => (collections += list.getEntries().length)).observe({ entryTypes: ['gc'] });
/** Observers are told between turns of the event loop. */
const turn = () => setImmediate();

for (let i = 0; i < NODES; i++) nodes.push(createNode(platformOf(i), settingsOf(i)));
for (const node of nodes) node.start();
run(WARM_UP_CYCLES);
globalThis.gc?.();
await turn();
await turn();
collections = 0;

const relayed = nodes[1].parts.transport.relayed;
const before = youngBytes();
run(CYCLES);
const grown_bytes = youngBytes() - before;
await turn();
await turn();
process.stdout.write(
  JSON.stringify({
    node_cycles: CYCLES * NODES,
    grown_bytes,
    collections,
    peers: nodes[1].parts.transport.table.count - 1,
    relayed: nodes[1].parts.transport.relayed - relayed,
    claims: nodes[1].parts.transport.gateways.count,
  }),
);
