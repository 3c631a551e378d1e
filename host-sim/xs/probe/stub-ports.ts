/** Ports of a node that nobody hears, for measures inside XS. */
import type { Platform } from '../../../firmware/node.ts';

export function stubPorts(): Platform {
  return {
    clock: { ticks_ms: () => 0, epoch_ms: () => 0 },
    datagrams: { send: () => true },
    medium: null,
    store: { read: () => 0, write: () => true },
    random: { word: () => 1 },
    sensors: { read: () => -1 },
    seal: null,
    vitals: { battery: () => -1, load: () => 0 },
    log: { event: () => undefined },
  };
}
