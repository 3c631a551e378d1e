/** What a connection to a broker is told, and what it tells. */

import { OUTBOX, type OutboxOptions } from './outbox.ts';
import { BACK_OFF, type BackOffOptions } from './back-off.ts';

/** Time as an argument, so that tests bring their own. */
export interface Timing {
  /** Milliseconds since 1970. */
  now_ms(): number;
  /** Calls back once; returns how to call it off. */
  after(delay_ms: number, callback: () => void): () => void;
}

export const realTiming: Timing = {
  now_ms: () => Date.now(),
  after: (delay_ms, callback) => {
    const timer = setTimeout(callback, delay_ms);
    return () => clearTimeout(timer);
  },
};

export interface BrokerOptions {
  /** `mqtt://host:1883` or `mqtts://host:8883`; `ws://` and `wss://` too. No password in it. */
  url: string;
  /** 5, or 3 for MQTT 3.1.1, which is what the embedded broker speaks. */
  version: 5 | 3;
  /** '' for none. */
  user: string;
  password: string;
  /** PEM files, read anew at each try, so that a renewed certificate needs no restart; '' for none. */
  ca_file: string;
  cert_file: string;
  key_file: string;
  /** Names this client at the broker; must be another one for each gateway. */
  client_id: string;
  /** 5 to 65,535 */
  keepalive_s: number;
}

export const BROKER: Omit<BrokerOptions, 'url' | 'client_id'> = {
  version: 5,
  user: '',
  password: '',
  ca_file: '',
  cert_file: '',
  key_file: '',
  keepalive_s: 30,
};

/** Something worth a line in the log. `detail` is for machines. */
export interface MqttEvent {
  name:
    | 'mqtt-connected'
    | 'mqtt-lost'
    | 'mqtt-refused'
    | 'mqtt-dropping'
    | 'mqtt-topic-refused'
    | 'mqtt-message-failed'
    | 'broker-client'
    | 'federation-refused';
  level: 'info' | 'warning' | 'error';
  text: string;
  detail: Record<string, string | number>;
}

export interface ConnectionOptions {
  broker: BrokerOptions;
  /** Topic of the last will, and of what stands there while the connection lives; '' for none. */
  status_topic: string;
  /** What stands on it while the gateway is there, and otherwise. */
  online: string;
  offline: string;
  onEvent: (event: MqttEvent) => void;
  /** After each connect, before anything that waited is published. */
  onConnect: () => void;
  back_off: BackOffOptions;
  outbox: OutboxOptions;
  timing: Timing;
  /** In [0, 1), for jitter. */
  uniform: () => number;
}

export const CONNECTION: Pick<
  ConnectionOptions,
  'online' | 'offline' | 'onConnect' | 'back_off' | 'outbox' | 'timing' | 'uniform'
> = {
  online: 'online',
  offline: 'offline',
  onConnect: () => undefined,
  back_off: BACK_OFF,
  outbox: OUTBOX,
  timing: realTiming,
  uniform: Math.random,
};
