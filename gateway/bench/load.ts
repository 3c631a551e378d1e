/** Sensors that speak at a steady rate: messages as zigbee2mqtt sends them, spread evenly over their topics. */
import { connectAsync, type MqttClient } from 'mqtt';

export interface LoadOptions {
  url: string;
  topics: readonly string[];
  /** Of the sensors, and of the probe. */
  rate: number;
  probe_topic: string;
  probe_rate: number;
  onProbe: (probe: number) => void;
}

const TICK_MS = 10;

function payload(value: number): string {
  return JSON.stringify({ battery: 97, humidity: 41.2, linkquality: 120, temperature: value, voltage: 3000 });
}

export class Load {
  sent = 0;
  readonly #options: LoadOptions;
  #client: MqttClient | null = null;
  #timer: NodeJS.Timeout | undefined;
  #probes = 0;

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const client = await connectAsync(this.#options.url, { protocolVersion: 4, reconnectPeriod: 0 });
    this.#client = client;
    const began_ms = performance.now();
    const { rate, probe_rate, topics, probe_topic, onProbe } = this.#options;
    this.#timer = setInterval(() => {
      const seconds = (performance.now() - began_ms) / 1000;
      // As many as are due: a timer that comes late makes up for it.
      while (this.sent - this.#probes < seconds * (rate - probe_rate)) {
        const topic = topics[this.sent % topics.length];
        client.publish(topic, payload(20 + (this.sent % 7) / 10));
        this.sent++;
      }
      while (this.#probes < seconds * probe_rate) {
        this.#probes++;
        this.sent++;
        client.publish(probe_topic, payload(this.#probes));
        onProbe(this.#probes);
      }
    }, TICK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#client?.endAsync();
  }
}
