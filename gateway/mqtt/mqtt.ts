/**
 * A gateway's side of MQTT, put together: a connection, what it publishes of each snapshot, and the device in Home
 * Assistant. `createMqtt` is what the core plugs in; `part.ts` does.
 */

import type { Snapshot } from '../view.ts';
import { Changes, OTHER_ALARMS } from './changes.ts';
import { Connection, type ConnectionState } from './connection.ts';
import { Announcer, type AnnouncedTopics } from './homeassistant/announcer.ts';
import type { DiscoveredKey, DiscoveryOptions } from './homeassistant/discovery.ts';
import { CONNECTION, type BrokerOptions, type ConnectionOptions, type MqttEvent, type Timing } from './options.ts';
import type { OutboxOptions } from './outbox.ts';
import type { BackOffOptions } from './back-off.ts';
import { stateTopics } from './state-topics.ts';
import type { TopicSource } from './subscriptions.ts';

export interface HomeAssistantOptions {
  /** False takes a device out that was announced before. */
  wanted: boolean;
  prefix: string;
  /** The id that the device is known by: `deviceId` of the site's first name. */
  device: string;
  /** What people call the site; '' for its name. */
  label: string;
  page_url: string;
  support_url: string;
  announced: AnnouncedTopics;
}

export interface MqttOptions {
  broker: BrokerOptions;
  /** The site's name in the configuration. */
  site: string;
  /** What all topics begin with, such as `lvs/house`. */
  base: string;
  keys: readonly DiscoveredKey[];
  alarm_classes: readonly { name: string; label: string }[];
  least_s: number;
  again_s: number;
  version: string;
  /** Begins the ids of events: another one after each start. */
  run: string;
  home_assistant: HomeAssistantOptions;
  onEvent: (event: MqttEvent) => void;
  back_off?: BackOffOptions;
  outbox?: OutboxOptions;
  timing?: Timing;
  uniform?: () => number;
}

export interface Mqtt {
  topics: TopicSource;
  /** Publishes what is to be said of it now, and keeps it for a connect or a start of Home Assistant. */
  publish(snapshot: Snapshot): void;
  /** Tells Home Assistant of other sensors here, or of another address of the page; the connection goes on. */
  describe(keys: readonly DiscoveredKey[], page_url: string): void;
  state(): ConnectionState;
  close(): Promise<void>;
}

export function createMqtt(options: MqttOptions): Mqtt {
  const topics = stateTopics(options.base);
  const timing = options.timing ?? CONNECTION.timing;
  const uniform = options.uniform ?? CONNECTION.uniform;
  const changes = new Changes({
    topics,
    keys: options.keys,
    alarm_classes: options.alarm_classes.map(({ name }) => name),
    least_s: options.least_s,
    again_s: options.again_s,
    version: options.version,
    run: options.run,
  });
  let newest: Snapshot | null = null;
  const publishAll = (): void => {
    changes.forget();
    if (newest !== null) for (const message of changes.messages(newest)) connection.publish(message);
  };
  const connectionOptions: ConnectionOptions = {
    ...CONNECTION,
    broker: options.broker,
    status_topic: topics.status,
    onEvent: options.onEvent,
    onConnect: () => {
      announcer.connected();
      publishAll();
    },
    back_off: options.back_off ?? CONNECTION.back_off,
    outbox: options.outbox ?? CONNECTION.outbox,
    timing,
    uniform,
  };
  const connection = new Connection(connectionOptions);
  const announcer = new Announcer(
    {
      prefix: options.home_assistant.prefix,
      wanted: options.home_assistant.wanted,
      announced: options.home_assistant.announced,
      source: connection,
      publish: (message) => connection.publish(message),
      onBirth: publishAll,
      timing,
      uniform,
    },
    deviceOf(options),
  );
  return {
    topics: connection,
    publish: (snapshot) => {
      newest = snapshot;
      for (const message of changes.messages(snapshot)) connection.publish(message);
    },
    describe: (keys, page_url) => {
      announcer.describe(deviceOf({ ...options, keys, home_assistant: { ...options.home_assistant, page_url } }));
    },
    state: () => connection.state(),
    close: async () => {
      announcer.close();
      await connection.close();
    },
  };
}

function deviceOf(options: MqttOptions): DiscoveryOptions {
  const { device, label, page_url, support_url } = options.home_assistant;
  return {
    device,
    site: options.site,
    label,
    keys: options.keys,
    alarm_classes: [...options.alarm_classes, { name: OTHER_ALARMS, label: 'Other problem' }],
    topics: stateTopics(options.base),
    version: options.version,
    page_url,
    support_url,
  };
}
