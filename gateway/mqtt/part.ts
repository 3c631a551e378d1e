/** MQTT as a part of the gateway: made of the configuration, attached to sources and snapshots, watched by alarms and metrics. */

import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { endpointName, isLoopback } from '../../host-sim/node-platform/address.ts';
import type { GatewayConfig, MqttConfig } from '../config/config.ts';
import type { Part, PartContext, PartSpec } from '../core/part.ts';
import { startBroker, type EmbeddedBroker } from './broker.ts';
import type { DiscoveredKey } from './homeassistant/discovery.ts';
import { openDeviceMemory } from './homeassistant/memory.ts';
import { connectionMetrics } from './metrics.ts';
import { createMqtt, type Mqtt } from './mqtt.ts';
import type { BrokerOptions } from './options.ts';
import { logEvent, watchConnection } from './report.ts';
import { topicLevel } from './topic.ts';

/** Everything is published again after so long, for whoever keeps nothing. */
const AGAIN_S = 60;
const MEMORY_FILE = 'home-assistant.json';
const BROKER_ALARM = 'mqtt:broker';

/** What the ids of alarms begin with, and what Home Assistant calls each. */
export const ALARM_CLASSES = [
  { name: 'source', label: 'Sensor problem' },
  { name: 'peer', label: 'Peer problem' },
  { name: 'swarm', label: 'Swarm problem' },
  { name: 'node', label: 'Node problem' },
  { name: 'federation', label: 'Federation problem' },
];

/** The broker of the section, or the one inside. */
export function brokerOf(mqtt: MqttConfig, embedded_url: string): BrokerOptions {
  const { url, version, user, password, ca_file, cert_file, key_file, client_id, keepalive_s, embedded } = mqtt;
  if (url !== '') return { url, version, user, password, ca_file, cert_file, key_file, client_id, keepalive_s };
  const inside = { url: embedded_url, version: 3 as const, user: embedded.user, password: embedded.password };
  return { ...inside, ca_file: '', cert_file: '', key_file: '', client_id, keepalive_s };
}

function keysOf({ keys, sources }: GatewayConfig): DiscoveredKey[] {
  return keys.map(({ name, unit, floor }) => ({
    name,
    label: '',
    unit,
    resolution: floor,
    device_class: '',
    own: sources.some(({ key }) => key === name),
  }));
}

/** Where other computers find the page, '' where only this one does. */
function pageUrl({ http: { enabled, bind, port } }: GatewayConfig): string {
  if (!enabled || bind === 'localhost' || isLoopback(bind)) return '';
  const host = bind === '0.0.0.0' || bind === '::' ? hostname() : bind;
  return `http://${endpointName({ host, port })}/`;
}

class MqttPart implements Part {
  readonly #context: PartContext;
  readonly #version: string;
  #config: GatewayConfig;
  #broker: EmbeddedBroker | null = null;
  #mqtt: Mqtt | null = null;
  #ends: (() => void)[] = [];

  constructor(context: PartContext, version: string) {
    this.#context = context;
    this.#config = context.config;
    this.#version = version;
  }

  async start(): Promise<void> {
    const { log, gateway } = this.#context;
    const config = this.#config;
    const { mqtt: settings, site, swarm } = config;
    const onEvent = logEvent(log);
    if (settings.url === '') this.#broker = await startBroker({ ...settings.embedded, onEvent });
    const memory = openDeviceMemory(join(swarm.state, MEMORY_FILE), site, (error) =>
      log.warn({ error: String(error) }, `${MEMORY_FILE} cannot be written to ${swarm.state}`),
    );
    const mqtt = createMqtt({
      broker: brokerOf(settings, this.#broker?.url ?? ''),
      site,
      base: `${settings.prefix}/${topicLevel(site)}`,
      keys: keysOf(config),
      alarm_classes: ALARM_CLASSES,
      least_s: settings.every_s,
      again_s: AGAIN_S,
      version: this.#version,
      run: randomBytes(4).toString('hex'),
      home_assistant: {
        wanted: settings.discovery.enabled,
        prefix: settings.discovery.prefix,
        device: memory.device,
        label: '',
        page_url: pageUrl(config),
        support_url: '',
        announced: memory,
      },
      onEvent,
    });
    this.#mqtt = mqtt;
    this.#ends = [
      gateway.topics.attach(mqtt.topics),
      gateway.onSnapshot((snapshot) => mqtt.publish(snapshot)),
      watchConnection(() => mqtt.state(), gateway.alarms, BROKER_ALARM),
      connectionMetrics(gateway.metrics, 'lvs_mqtt', () => mqtt.state()),
    ];
    const newest = gateway.snapshot();
    if (newest !== null) mqtt.publish(newest);
  }

  /** Sources and the page are only told of: whoever listens need not lose the gateway for that. */
  async reload(config: GatewayConfig): Promise<void> {
    const another = !isDeepStrictEqual(config.mqtt, this.#config.mqtt);
    this.#config = config;
    if (!another) {
      this.#mqtt?.describe(keysOf(config), pageUrl(config));
      return;
    }
    await this.stop();
    await this.start();
  }

  async stop(): Promise<void> {
    for (const end of this.#ends.splice(0)) end();
    const [mqtt, broker] = [this.#mqtt, this.#broker];
    this.#mqtt = this.#broker = null;
    await mqtt?.close();
    await broker?.close();
  }
}

/** @param version of this program, as Home Assistant shows it */
export function mqttPart(version: string): PartSpec {
  return {
    name: 'mqtt',
    uses: ['site', 'swarm', 'keys', 'sources', 'mqtt', 'http'],
    wanted: ({ mqtt }) => mqtt.url !== '' || mqtt.embedded.enabled,
    create: (context) => new MqttPart(context, version),
  };
}
