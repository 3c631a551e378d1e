/** How a connection shows in the gateway's log and among its alarms. */

import type { Logger } from 'pino';
import type { Alarms } from '../ops/alarms.ts';
import type { ConnectionState } from './connection.ts';
import type { MqttEvent } from './options.ts';

const LOOK_EVERY_MS = 1_000;
/** A shorter loss is no alarm: brokers are restarted. */
const ALARM_AFTER_MS = 15_000;

export function logEvent(log: Logger): (event: MqttEvent) => void {
  return ({ name, level, text, detail }) => {
    const line = { event: name, ...detail };
    if (level === 'info') log.info(line, text);
    else if (level === 'warning') log.warn(line, text);
    else log.error(line, text);
  };
}

/**
 * Raises an alarm while there is no connection for a while; at once where only a person can mend it.
 * @returns how to stop, which clears it
 */
export function watchConnection(state: () => ConnectionState, alarms: Alarms, id: string): () => void {
  const timer = setInterval(() => {
    const { connected, fault, since_ms } = state();
    const lasts = fault?.slow === true || Date.now() - since_ms > ALARM_AFTER_MS;
    if (connected) alarms.clear(id);
    else if (fault !== null && lasts) alarms.raise(id, fault.slow ? 'error' : 'warning', fault.text);
  }, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    alarms.clear(id);
  };
}
