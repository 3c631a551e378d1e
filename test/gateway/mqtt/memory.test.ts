/** A gateway that loses its broker again and again keeps nothing of the connections that it had. */
import { describe, expect, it } from 'vitest';
import { startBroker } from '../../../gateway/mqtt/broker.ts';
import { freePort } from '../support/mosquitto.ts';
import { testConnection } from '../support/mqtt.ts';
import { pause, until } from '../support/wait.ts';

const WARM_UP = 30;
const RESTARTS = 100;
/** A client of the `mqtt` package that stayed behind would be some 30 KB each time. */
const GROWTH_MAX_BYTES = 1_200_000;

async function heapBytes(): Promise<number> {
  await pause(50);
  globalThis.gc?.();
  await pause(50);
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

describe('the memory of a connection', () => {
  it('is flat over 100 losses of the broker', async () => {
    expect(globalThis.gc, 'run with --expose-gc').toBeDefined();
    const port = await freePort();
    const { connection } = testConnection(
      { url: `mqtt://127.0.0.1:${port}`, version: 3 },
      { back_off: { first_ms: 4, most_ms: 8, slow_ms: 1000 }, status_topic: 's' },
    );
    connection.subscribe('e/#', () => undefined);
    const restart = async (): Promise<void> => {
      const broker = await startBroker({ bind: '127.0.0.1', port, user: '', password: '', onEvent: () => undefined });
      await until('the connection', () => connection.state().connected);
      // States: of events, those that did not arrive would wait, as they should.
      for (let i = 0; i < 20; i++) connection.publish({ topic: `e/${i}`, payload: 'x'.repeat(500), retain: true });
      await broker.close();
      await until('the loss', () => !connection.state().connected);
    };
    for (let i = 0; i < WARM_UP; i++) await restart();
    const before = await heapBytes();
    for (let i = 0; i < RESTARTS; i++) await restart();
    const after = await heapBytes();
    await connection.close();
    expect(after - before).toBeLessThan(GROWTH_MAX_BYTES);
    expect(connection.state().connects).toBe(WARM_UP + RESTARTS);
  });
});
