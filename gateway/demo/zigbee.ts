/** Sensors that speak to the broker as zigbee2mqtt has them do: the gateways take their readings from there. */
import { connectAsync, type MqttClient } from 'mqtt';
import { airTopic, KEYS, ROOMS, roomTopic, SITES } from './plan.ts';
import { Place, type Uniform } from './weather.ts';

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

export class ZigbeeSensors {
  /** By site and room, in the order of the plan. */
  readonly #places: Place[][];
  #readings: number[][][] = [];
  #client: MqttClient | null = null;

  constructor(uniform: Uniform) {
    this.#places = SITES.map((site) => ROOMS.map(() => new Place(site, uniform)));
    this.#read(0);
  }

  #read(since_start_ms: number): void {
    this.#readings = this.#places.map((rooms) => rooms.map((place) => place.read(since_start_ms)));
  }

  async start(url: string): Promise<void> {
    this.#client = await connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0 });
  }

  sample(since_start_ms: number): void {
    this.#read(since_start_ms);
    for (const [site, { name }] of SITES.entries()) {
      for (const [room, word] of ROOMS.entries()) {
        const { temperature, humidity } = this.#byName(site, room);
        const payload = { battery: 97, humidity, linkquality: 120 + 7 * room, temperature, voltage: 3000 };
        this.#client?.publish(roomTopic(name, word), JSON.stringify(payload));
      }
      const { co2 } = this.#byName(site, 0);
      this.#client?.publish(airTopic(name), JSON.stringify({ co2: Math.round(co2), linkquality: 96 }));
    }
  }

  #byName(site: number, room: number): Record<string, number> {
    const values = this.#readings[site][room];
    return Object.fromEntries(KEYS.map(({ name }, key) => [name, Number(values[key].toFixed(2))]));
  }

  /** What the gateway of a site makes of its rooms: their median. */
  reading(site: number, key: number): number {
    return median(this.#readings[site].map((values) => values[key]));
  }

  async stop(): Promise<void> {
    await this.#client?.endAsync(true);
  }
}
