/**
 * One node of the bundle on ports in memory: a clock that stands still until it is advanced, randomness from a seed,
 * readings that a test sets, and copies of everything that the node sends. No network: a test delivers by hand.
 */
import { fileURLToPath } from 'node:url';
import type { DatagramPort, KeySettings, LvsNode, Platform, SealPort, Settings } from '../../firmware/node.ts';
import { loadBundle } from '../../host-sim/world/bundle.ts';
import { createRandom } from '../../host-sim/world/random.ts';
import { MemoryStore } from '../../host-sim/world/store.ts';

/** What the bundle exports: `api.createNode`, `api.DROP_NAMES`, `api.NONE`, ... */
export const { api, sha256: BUNDLE_SHA256 } = await loadBundle(
  fileURLToPath(new URL('../../build/firmware/node.mjs', import.meta.url)),
);

/** 1.0 in Q16.16. */
export const ONE = 65_536;
const EPOCH_START_MS = 1_700_000_000_000;

export interface HarnessOverrides {
  /** What the node's hardware randomness comes from. Nodes that talk to each other need different ones: tags are drawn from it. */
  seed?: number;
  /** One key of `testKey` unless it says otherwise. */
  settings?: Partial<Settings>;
  seal?: SealPort;
  /** True gives the node a medium, and makes it a gateway. */
  gateway?: boolean;
  /** What an earlier life stored. */
  store?: MemoryStore;
  /** Where the wrapping clock begins; 0 unless given. */
  ticks_ms?: number;
  /** False leaves `node.start()` to the test. */
  started?: boolean;
}

export interface LoggedEvent {
  name: string;
  a: number;
  b: number;
}

export interface Harness {
  readonly node: LvsNode;
  /** Copies of what the node sent, oldest first; set its length to 0 to begin anew. */
  readonly sent: DataView[];
  readonly sentMedium: DataView[];
  readonly events: LoggedEvent[];
  readonly store: MemoryStore;
  /** What the ports say; a test writes here. `sends` false lets the datagram ports refuse. */
  readonly world: { battery: number; load: number; epoch_ms: number; sends: boolean };
  /** The reading of a key from now on, Q16.16 or NONE; there is none before. */
  setReading(key: number, value: number): void;
  /** Moves the clock on and runs the cycles that come due, each at its moment. */
  advance(ms: number): void;
  /** Moves the clock to the next cycle and runs it; returns the last datagram that it sent. */
  cycle(): DataView;
  /** Hands a datagram to the node as coming from address `source` (not 0). Returns 0 or a DROP_ number. */
  deliver(view: DataView, source: number): number;
  deliverMedium(view: DataView, source: number): number;
  /** Datagrams refused so far for this reason, a word of DROP_NAMES. */
  dropped(reason: string): number;
}

/** 0 to 100 units, around 20. */
export function testKey(over: Partial<KeySettings> = {}): KeySettings {
  return {
    name: 'room1/temp',
    floor: 655,
    span: 10 * ONE,
    low: 0,
    high: 100 * ONE,
    reference: 20 * ONE,
    guard: true,
    estimator: 0,
    scope: 0,
    ...over,
  };
}

export function copyOf(view: DataView, length: number): DataView {
  return new DataView(view.buffer.slice(view.byteOffset, view.byteOffset + length) as ArrayBuffer);
}

export function createHarness(over: HarnessOverrides = {}): Harness {
  const settings = { ...api.defaultSettings(), keys: [testKey()], ...over.settings };
  const random = createRandom(over.seed ?? 1);
  const readings = new Int32Array(settings.keys.length).fill(api.NONE);
  const sent: DataView[] = [];
  const sentMedium: DataView[] = [];
  const events: LoggedEvent[] = [];
  const store = over.store ?? new MemoryStore();
  const world = { battery: api.NONE, load: 0, epoch_ms: EPOCH_START_MS, sends: true };
  let now_ms = over.ticks_ms ?? 0;

  const portInto = (list: DataView[]): DatagramPort => ({
    send: (view, length) => {
      if (world.sends) list.push(copyOf(view, length));
      return world.sends;
    },
  });
  const platform: Platform = {
    clock: { ticks_ms: () => now_ms | 0, epoch_ms: () => world.epoch_ms },
    datagrams: portInto(sent),
    medium: over.gateway === true ? portInto(sentMedium) : null,
    store,
    random: { word: () => random.word() },
    sensors: { read: (key) => readings[key] },
    seal: over.seal ?? null,
    vitals: { battery: () => world.battery, load: () => world.load },
    log: { event: (code, a, b) => events.push({ name: api.EVENT_NAMES[code], a, b }) },
  };
  const node = api.createNode(platform, settings);
  const pass = (ms: number): void => {
    now_ms += ms;
    if (world.epoch_ms > 0) world.epoch_ms += ms;
  };
  if (over.started !== false) node.start();

  return {
    node,
    sent,
    sentMedium,
    events,
    store,
    world,
    setReading: (key, value) => {
      readings[key] = value;
    },
    advance: (ms) => {
      let left_ms = ms;
      for (let wait_ms = node.untilDue(); wait_ms >= 0 && wait_ms <= left_ms; wait_ms = node.untilDue()) {
        pass(wait_ms);
        left_ms -= wait_ms;
        node.wake();
      }
      pass(left_ms);
    },
    cycle: () => {
      pass(Math.max(0, node.untilDue()));
      node.wake();
      return sent[sent.length - 1];
    },
    deliver: (view, source) => node.receive(view, view.byteLength, source),
    deliverMedium: (view, source) => node.receiveMedium(view, view.byteLength, source),
    dropped: (reason) => node.parts.transport.drops[api.DROP_NAMES.indexOf(reason)],
  };
}
