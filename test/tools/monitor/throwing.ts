/**
 * Runs nodes whose ports break at the n-th call, and gives the stacks. XS and Node.js both run it, in the same order, so
 * that the one can be held against the other: no Node.js in here.
 */
import type * as Firmware from '../../../firmware/node.ts';

const ONE = 65_536;

export type Stacks = Record<string, string>;

const PORTS = ['ticks', 'epoch', 'send', 'read', 'write', 'word', 'sensor', 'battery', 'load', 'log'] as const;
type PortName = (typeof PORTS)[number];

const CALLS = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89];
const RUNS = 300;

interface Countdown {
  /** Calls of the port until it throws; below nought it never does. */
  left: number;
  /** What the node sent since it was last asked. */
  sent: DataView[];
}

/** Thrown from below the node, as a driver would. */
function breakPort(): never {
  throw new TypeError('the port is broken');
}

function portsWith(broken: PortName | '', countdown: Countdown): Firmware.Platform {
  let word = 1;
  let ticks = 0;
  const call = <Value>(port: PortName, value: Value): Value => {
    if (port === broken && --countdown.left === 0) breakPort();
    return value;
  };
  return {
    clock: { ticks_ms: () => call('ticks', (ticks += 20)), epoch_ms: () => call('epoch', 1_700_000_000_000 + ticks) },
    datagrams: {
      send: (view, length) => {
        countdown.sent.push(new DataView(view.buffer.slice(view.byteOffset, view.byteOffset + length)));
        return call('send', true);
      },
    },
    medium: null,
    store: { read: () => call('read', 0), write: () => call('write', true) },
    random: {
      word: () => {
        word = (Math.imul(word, 1_664_525) + 1_013_904_223) | 0;
        return call('word', word);
      },
    },
    sensors: { read: (key) => call('sensor', (20 + key) * ONE + (word & 0xffff)) },
    seal: null,
    vitals: { battery: () => call('battery', -1), load: () => call('load', 0) },
    log: { event: () => call('log', undefined) },
  };
}

function settingsOf(api: typeof Firmware): Firmware.Settings {
  const key = { floor: 6553, span: 16 * ONE, low: 0, high: 100 * ONE, reference: 25 * ONE, guard: true, estimator: 0 };
  const keys = ['a', 'b'].map((name) => ({ ...key, name, scope: 0 }));
  return { ...api.defaultSettings(), keys, table: 8, swarm: 'test' };
}

function stackOf(api: typeof Firmware, port: PortName, calls: number): string | undefined {
  const countdown: Countdown = { left: calls, sent: [] };
  const quiet: Countdown = { left: -1, sent: [] };
  try {
    const node = api.createNode(portsWith(port, countdown), settingsOf(api));
    const peer = api.createNode(portsWith('', quiet), settingsOf(api));
    node.start();
    peer.start();
    for (let run = 0; run < RUNS; run++) {
      peer.wake();
      for (const view of quiet.sent.splice(0)) node.receive(view, view.byteLength, 7);
      node.wake();
      countdown.sent.length = 0;
    }
    return undefined;
  } catch (error) {
    return (error as Error).stack;
  }
}

/** Each stack under the port and the call that broke. */
export function stacks(api: typeof Firmware): Stacks {
  const all: Stacks = {};
  for (const port of PORTS) {
    for (const calls of CALLS) {
      const stack = stackOf(api, port, calls);
      if (stack !== undefined) all[`${port} ${calls}`] = stack;
    }
  }
  return all;
}
