/** Connections of tests: quick to try again, and their events at hand. */
import { Connection } from '../../../gateway/mqtt/connection.ts';
import {
  BROKER,
  CONNECTION,
  type BrokerOptions,
  type ConnectionOptions,
  type MqttEvent,
} from '../../../gateway/mqtt/options.ts';

export const QUICK = { first_ms: 20, most_ms: 60, slow_ms: 100_000 };

let clients = 0;

export interface TestConnection {
  connection: Connection;
  events: MqttEvent[];
}

export function testConnection(
  broker: Partial<BrokerOptions> & { url: string },
  over: Partial<ConnectionOptions> = {},
): TestConnection {
  const events: MqttEvent[] = [];
  const connection = new Connection({
    ...CONNECTION,
    back_off: QUICK,
    broker: { ...BROKER, client_id: `test-${process.pid}-${++clients}`, ...broker },
    status_topic: '',
    onEvent: (event) => events.push(event),
    ...over,
  });
  return { connection, events };
}
