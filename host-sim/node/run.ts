/** A node from its flags to its end: what it is made of, the signals that it minds, and how it stops. */
import { resolve } from 'node:path';
import process from 'node:process';
import type { Settings } from '../../firmware/node.ts';
import { systemReason, UsageError, Failure } from '../../tools/cli/errors.ts';
import { EXIT_INTERRUPTED, EXIT_OK } from '../../tools/cli/exit-codes.ts';
import type { Carrier, CarrierEvent, TakeDatagram } from '../node-platform/carrier.ts';
import { EXIT_STATE_FOLDER, NodeFailure } from '../node-platform/failure.ts';
import { localAddresses } from '../node-platform/interfaces.ts';
import { NodeHost, type HostEvent } from '../node-platform/node-host.ts';
import { createSeal, type SwarmSeal } from '../node-platform/seal/seal.ts';
import { LineInput } from '../node-platform/sensors/lines.ts';
import { openSource } from '../node-platform/sensors/open.ts';
import { checkSensors } from '../node-platform/sensors/parse.ts';
import { Sampler } from '../node-platform/sensors/sampler.ts';
import { readSettings } from '../node-platform/settings/settings.ts';
import { FileStore } from '../node-platform/store/file-store.ts';
import { makeFolder } from '../node-platform/store/folder.ts';
import { memoryStore } from '../node-platform/store/memory-store.ts';
import { TcpCarrier } from '../node-platform/tcp/tcp.ts';
import { UdpCarrier } from '../node-platform/udp/udp.ts';
import { Battery } from '../node-platform/vitals/battery.ts';
import { LoadMeter } from '../node-platform/vitals/load.ts';
import type { FirmwareApi } from '../world/bundle.ts';
import { readKeys } from './keys.ts';
import type { NodeOptions } from './options.ts';
import { openStatusSocket } from './status-socket.ts';
import type { NodeStatus } from './status.ts';
import type { NodeSurroundings } from './surroundings.ts';
import { createView, type View } from './view.ts';

export const OPEN_WARNING =
  'this swarm is open: everyone on the network can take part and read along; give every node the same --key-file to close it';

export class RunningNode {
  readonly #options: NodeOptions;
  readonly #around: NodeSurroundings;
  readonly #api: FirmwareApi;
  readonly #view: View;
  readonly #lines = new LineInput();
  readonly #seal: SwarmSeal | null;
  #settings: Settings;
  #host: NodeHost | null = null;
  #endStatus: () => void = () => undefined;

  /** @throws UsageError or NodeFailure for what the user gave and cannot be used */
  constructor(options: NodeOptions, around: NodeSurroundings, api: FirmwareApi) {
    this.#options = options;
    this.#around = around;
    this.#api = api;
    this.#settings = this.#readSettings();
    const keys = this.#readKeys();
    this.#seal = keys.length === 0 ? null : createSeal(keys, { private: options.private });
    this.#view = createView(around, options.json, options.status_cycles);
  }

  #readSettings(): Settings {
    const options = this.#options;
    const settings = readSettings(this.#api, {
      ...options,
      cwd: this.#around.cwd,
      sensor_keys: options.sensors.map(({ key }) => key),
    });
    checkSensors(options.sensors, settings.keys);
    return settings;
  }

  #readKeys(): Uint8Array[] {
    return readKeys(this.#options.key_file, this.#options.key_file_old, this.#around.cwd);
  }

  #tell = (event: HostEvent): void => {
    this.#view.event(event);
  };

  #sampler(settings: Settings): Sampler {
    const channels = settings.keys.map(({ name, low, high }) => {
      const spec = this.#options.sensors.find(({ key }) => key === name);
      if (spec === undefined) return null;
      return { ...spec, source: openSource(spec, this.#around.cwd, this.#lines), low, high };
    });
    return new Sampler({
      channels,
      now_ms: () => performance.now(),
      onChange: ({ key, works, why }) =>
        this.#tell({ name: works ? 'sensor-back' : 'sensor-silent', detail: works ? { key } : { key, why } }),
    });
  }

  #carrier(take: TakeDatagram): Carrier {
    const { transport, group, port, iface, peers, listen } = this.#options;
    const onEvent = ({ name, detail }: CarrierEvent): void => this.#tell({ name, detail: { detail } });
    const shared = { port, iface, peers, list: localAddresses, take, onEvent };
    if (transport === 'tcp') {
      return new TcpCarrier({ ...shared, listen, cycle_ms: this.#settings.cycle_ms, random: Math.random });
    }
    return new UdpCarrier({
      ...shared,
      group: transport === 'multicast' ? group : '',
      everyone: transport !== 'peers',
    });
  }

  #store(): FileStore | null {
    const { state } = this.#options;
    if (state === undefined) return null;
    return new FileStore({
      folder: this.#stateFolder() ?? '',
      epoch_ms: () => Date.now(),
      onSetAside: ({ path, why }) => this.#tell({ name: 'store-set-aside', detail: { path, why } }),
      onError: (why) => this.#tell({ name: 'store-error', detail: { why } }),
    });
  }

  #stateFolder(): string | undefined {
    const { state } = this.#options;
    return state === undefined ? undefined : resolve(this.#around.cwd, state);
  }

  /** @throws NodeFailure when the port, the interface or the folder cannot be used */
  async start(): Promise<void> {
    await this.#openStatus();
    const files = this.#store();
    const host = new NodeHost({
      api: this.#api,
      settings: this.#settings,
      carrier: (take) => this.#carrier(take),
      store: files ?? memoryStore(),
      seal: this.#seal,
      sampler: this.#sampler(this.#settings),
      battery: new Battery(),
      load: new LoadMeter(() => performance.now()),
      onEvent: (event) => {
        if (event.name === 'state-corrupt') files?.distrust();
        this.#tell(event);
      },
      onCycle: () => this.#view.cycle(() => this.status()),
    });
    this.#host = host;
    if (this.#seal === null) {
      this.#around.stderr.write(`node: warning: ${OPEN_WARNING}\n`);
      this.#tell({ name: 'swarm-open', detail: { why: 'no --key-file was given' } });
    }
    this.#lines.open(this.#around.stdin);
    await host.start();
  }

  /** Before the folder is touched: it may be another node's. */
  async #openStatus(): Promise<void> {
    const folder = this.#stateFolder();
    try {
      if (folder !== undefined) makeFolder(folder);
    } catch (error) {
      throw new NodeFailure(EXIT_STATE_FOLDER, `--state ${folder ?? ''}: cannot be made: ${systemReason(error)}`);
    }
    try {
      const socket = await openStatusSocket(folder, this.#around.env, () =>
        this.#host === null ? { type: 'starting', pid: process.pid } : this.status(),
      );
      this.#endStatus = () => socket.close();
    } catch (error) {
      if (error instanceof NodeFailure || !(error instanceof Failure)) throw error;
      this.#tell({ name: 'status-unavailable', detail: { why: error.message } });
    }
  }

  status(): NodeStatus {
    if (this.#host === null) throw new Error('a node that was not started has no status');
    const { transport, port } = this.#options;
    return {
      type: 'status',
      time: new Date().toISOString(),
      pid: process.pid,
      transport,
      port,
      seal: this.#seal === null ? 'open' : this.#options.private ? 'private' : 'authentic',
      state: this.#stateFolder() ?? null,
      ...this.#host.status(),
    };
  }

  /** Reads files again. What is wrong in them is told, and everything stays as it was. */
  reload(): void {
    try {
      const settings = this.#readSettings();
      const keys = this.#readKeys();
      this.#seal?.setKeys(keys);
      const changed = JSON.stringify(settings) !== JSON.stringify(this.#settings);
      if (changed) this.#host?.replace(settings, this.#sampler(settings));
      this.#settings = settings;
      this.#tell({ name: 'settings-read', detail: { changed: changed ? 'yes' : 'no', swarm_keys: keys.length } });
    } catch (error) {
      if (!(error instanceof UsageError || error instanceof Failure)) throw error;
      this.#tell({ name: 'settings-refused', detail: { why: error.message } });
    }
  }

  async stop(): Promise<void> {
    await this.#host?.stop();
    this.#endStatus();
    this.#view.close();
  }
}

/** Runs until a signal ends it. Returns the exit code. */
export async function runNode(options: NodeOptions, around: NodeSurroundings, api: FirmwareApi): Promise<number> {
  const node = new RunningNode(options, around, api);
  const listening: (() => void)[] = [];
  const ended = new Promise<number>((resolve) => {
    listening.push(around.onInterrupt(() => resolve(EXIT_INTERRUPTED)));
    listening.push(around.onTerminate(() => resolve(EXIT_OK)));
    listening.push(
      around.onHangup(() => {
        // Windows says it when the console is closed, and only then.
        const closed = process.platform === 'win32' || around.isTerminalClosed();
        if (closed) resolve(EXIT_OK);
        else node.reload();
      }),
    );
  });
  try {
    await node.start();
    return await ended;
  } finally {
    await node.stop();
    for (const stop of listening) stop();
  }
}
