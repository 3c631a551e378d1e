/** The swarm's node as a part of the gateway: made anew with back-off when its port is lost or it fails. */
import { join } from 'node:path';
import type { SensorPort } from '../../firmware/node.ts';
import { DEFAULT_GROUP, parseEndpoint } from '../../host-sim/node-platform/address.ts';
import type { Carrier, CarrierEvent, TakeDatagram } from '../../host-sim/node-platform/carrier.ts';
import { localAddresses } from '../../host-sim/node-platform/interfaces.ts';
import type { SwarmSeal } from '../../host-sim/node-platform/seal/seal.ts';
import { FileStore } from '../../host-sim/node-platform/store/file-store.ts';
import { TcpCarrier } from '../../host-sim/node-platform/tcp/tcp.ts';
import { UdpCarrier } from '../../host-sim/node-platform/udp/udp.ts';
import { LoadMeter } from '../../host-sim/node-platform/vitals/load.ts';
import type { GatewayConfig } from '../config/config.ts';
import type { FirmwareApi } from './bundle.ts';
import type { Medium } from './medium.ts';
import { GatewayNode, type NodeEvent } from './node.ts';
import type { Part, PartContext, PartSpec } from './part.ts';
import { firmwareSettings } from './settings.ts';

export interface SwarmPartOptions {
  api: FirmwareApi;
  seal: SwarmSeal | null;
  sensors: SensorPort;
  medium: Medium;
  loses: () => boolean;
  onCycle: (node: GatewayNode) => void;
}

/** Firmware events that are trouble; the others are news. */
const TROUBLE = new Set(['state-corrupt', 'store-failed', 'liar-caught', 'send-failed', 'recovery-entered']);
const QUIET = new Set(['session-renewed', 'state-loaded', 'started', 'stopped']);

class SwarmPart implements Part {
  readonly #context: PartContext;
  readonly #options: SwarmPartOptions;
  #node: GatewayNode | null = null;
  #files: FileStore | null = null;

  constructor(context: PartContext, options: SwarmPartOptions) {
    this.#context = context;
    this.#options = options;
  }

  async start(): Promise<void> {
    const { config, gateway, log, fail } = this.#context;
    const { api, seal, sensors, medium, loses, onCycle } = this.#options;
    const { alarms } = gateway;
    this.#files = new FileStore({
      folder: join(config.swarm.state, 'node'),
      epoch_ms: () => Date.now(),
      onSetAside: ({ path, why }) =>
        log.warn({ event: 'store-set-aside', path }, `a stored state is set aside: ${why}`),
      onError: (why) => alarms.raise('node:store', 'warning', `the state cannot be stored: ${why}`),
    });
    const node: GatewayNode = new GatewayNode({
      api,
      settings: firmwareSettings(api, config),
      carrier: (take) => this.#carrier(config, take),
      medium: config.federation.enabled ? medium : null,
      store: this.#files,
      seal,
      sensors,
      load: new LoadMeter(() => performance.now()),
      loses,
      onEvent: (event) => this.#tell(event),
      onCycle: () => onCycle(node),
      onFault: fail,
    });
    this.#node = node;
    await node.start();
    const { addresses, targets } = node.facts();
    const where = { event: 'swarm-joined', from: addresses.join(' '), to: targets.join(' ') };
    log.info(where, `member of swarm ${config.swarm.name} over ${config.swarm.transport} port ${config.swarm.port}`);
  }

  #carrier(config: GatewayConfig, take: TakeDatagram): Carrier {
    const { transport, port, peers, group, cycle_ms, interface: iface } = config.swarm;
    const onEvent = (event: CarrierEvent): void => this.#network(event);
    const endpoints = peers.map((peer) => parseEndpoint('peer', peer, port));
    const shared = { port, iface, peers: endpoints, list: localAddresses, take, onEvent };
    if (transport === 'tcp') return new TcpCarrier({ ...shared, listen: true, cycle_ms, random: Math.random });
    const multicast = group === '' ? DEFAULT_GROUP : group;
    return new UdpCarrier({
      ...shared,
      group: transport === 'multicast' ? multicast : '',
      everyone: transport !== 'peers',
    });
  }

  #network({ name, detail }: CarrierEvent): void {
    const { log, gateway } = this.#context;
    const line = { event: name };
    switch (name) {
      case 'network-down':
        gateway.alarms.raise('node:network', 'error', `no network: ${detail}`);
        return;
      case 'port-lost':
        gateway.alarms.raise('node:network', 'error', detail);
        return;
      case 'network-up':
      case 'network-changed':
        gateway.alarms.clear('node:network');
        log.info(line, `network: ${detail}`);
        return;
      case 'connected':
      case 'disconnected':
      case 'refused':
        log.info(line, `${name}: ${detail}`);
    }
  }

  #tell({ name, detail }: NodeEvent): void {
    const { log, gateway } = this.#context;
    const key = 'key' in detail ? String(detail.key) : '';
    if (name === 'state-corrupt') this.#files?.distrust();
    if (name === 'recovery-entered') {
      gateway.alarms.raise(`node:recovery ${key}`, 'warning', `${key}: the agreed value is being taken from the peers`);
    }
    if (name === 'recovery-left') gateway.alarms.clear(`node:recovery ${key}`);
    const line = { event: name, ...detail };
    const text =
      name === 'send-failed'
        ? `${detail.times} datagrams could not be sent, to the swarm or to other sites`
        : name.replaceAll('-', ' ');
    if (TROUBLE.has(name)) log.warn(line, key === '' ? text : `${key}: ${text}`);
    else if (QUIET.has(name)) log.debug(line, text);
    else log.info(line, text);
  }

  async stop(): Promise<void> {
    const node = this.#node;
    this.#node = null;
    this.#context.gateway.alarms.clearAll('node:');
    await node?.stop();
  }
}

export function swarmPart(options: SwarmPartOptions): PartSpec {
  return {
    name: 'swarm',
    uses: ['site', 'swarm', 'keys'],
    wanted: () => true,
    create: (context) => new SwarmPart(context, options),
  };
}
