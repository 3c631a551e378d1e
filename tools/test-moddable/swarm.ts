/** Three devices and two Node.js nodes that hear each other over UDP on this computer, until they agree. */
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as Firmware from '../../firmware/node.ts';
import { Failure } from '../cli/errors.ts';
import { DeviceProcess } from './device-process.ts';
import { UdpNode } from './udp-node.ts';

const ONE = 65536;
const DEVICES = 3;
const KEY = 'room/temp';
/** Devices first. Their mean is 22 and their spread 4; the node agrees on the mean where nobody lies far off. */
const INPUTS: readonly number[] = [20, 21, 22, 23, 24];
const MEAN = 22;
const SPREAD = 4;
/** The SDK's socket takes one datagram in 20 ms: 16 a second from four others leave it time. */
const CYCLE_MS = 250;
/** An agreement of all values within 1 % of the inputs' spread. */
const TOLERANCE = SPREAD / 100;
/** A minute and a half, in which five nodes run 360 cycles; they need about 20. */
const POLL_MS = 100;
const POLLS_MAX = 900;

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

const KEY_FIELDS = { name: KEY, floor: 0.05, span: 8, range: [0, 100] };

/** What the provisioning tool would write to NVS. */
function deviceSettings(value: number, port: number, ports: readonly number[]): Record<string, string | number> {
  return {
    transport: 'peers',
    port,
    peers: ports
      .filter((other) => other !== port)
      .map((other) => `127.0.0.1:${other}`)
      .join(','),
    per_address: ports.length,
    cycle_ms: CYCLE_MS,
    status_cycles: 2,
    time_server: '',
    key0: JSON.stringify({ ...KEY_FIELDS, source: { kind: 'synthetic', value, every_s: 0.25 } }),
  };
}

function nodeSettings(firmware: typeof Firmware, nodes: number): Firmware.Settings {
  const { name, floor, span, range } = KEY_FIELDS;
  const key = { name, floor: Math.round(floor * ONE), span: span * ONE, low: range[0], high: range[1] * ONE };
  return {
    ...firmware.defaultSettings(),
    cycle_ms: CYCLE_MS,
    nodes_per_address: nodes,
    keys: [{ ...key, reference: 0, guard: true, estimator: 0, scope: 0 }],
  };
}

export class MixedSwarm {
  readonly devices: DeviceProcess[] = [];
  readonly #nodes: UdpNode[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'lvs-moddable-'));

  async start(firmware: typeof Firmware, command: readonly [string, string]): Promise<void> {
    const ports: number[] = [];
    while (ports.length < INPUTS.length) {
      const port = await freePort();
      if (!ports.includes(port)) ports.push(port);
    }
    for (const [i, value] of INPUTS.entries()) {
      if (i < DEVICES) {
        const folder = join(this.#folder, `device-${i + 1}`);
        this.devices.push(new DeviceProcess({ command, folder, settings: deviceSettings(value, ports[i], ports) }));
      } else {
        const settings = nodeSettings(firmware, INPUTS.length);
        this.#nodes.push(new UdpNode({ firmware, settings, value: value * ONE, port: ports[i], ports }));
      }
    }
    for (const node of this.#nodes) await node.start();
    for (const device of this.devices) device.start();
  }

  /** Devices first. */
  values(): number[] {
    return [...this.devices.map((device) => device.value(KEY)), ...this.#nodes.map((node) => node.value())];
  }

  /** @throws Failure when it never comes true, or a device ends before */
  async until(what: string, isSo: () => boolean): Promise<void> {
    for (let i = 0; i < POLLS_MAX; i++) {
      if (isSo()) return;
      const dead = this.devices.findIndex((device) => device.ended);
      if (dead >= 0) throw new Failure(`device ${dead + 1} ended:\n${this.devices[dead].lines.slice(-8).join('\n')}`);
      await sleep(POLL_MS);
    }
    const lines = this.devices.map((device, i) => `device ${i + 1} said last: ${device.lines.at(-1) ?? 'nothing'}`);
    throw new Failure(`${what} did not come: the values are ${this.values().join(', ')}\n${lines.join('\n')}`);
  }

  agree(): boolean {
    return this.values().every((value) => Math.abs(value - MEAN) <= TOLERANCE);
  }

  async stop(): Promise<void> {
    for (const node of this.#nodes) node.stop();
    for (const device of this.devices) await device.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
