/** Opens the sources of all keys. One that cannot be opened leaves its key without a sensor, and is told; the node runs on. */

import type { DeviceOptions } from '../device.ts';
import { type ChannelOptions, Sampler } from './sampler.ts';

export function openSampler({ hardware, settings, log }: DeviceOptions): Sampler {
  const { keys } = settings.node;
  const open = (key: number): ChannelOptions | null => {
    const source = settings.sources[key];
    if (source === null) return null;
    try {
      const { low, high } = keys[key];
      return { source: hardware.openSource(source, settings.board), settings: source, low, high };
    } catch (error) {
      log.say('E', 'sensor-failed', `key=${keys[key].name} reason="${String(error)}"`);
      return null;
    }
  };
  return new Sampler({
    channels: keys.map((_, key) => open(key)),
    ticks_ms: () => hardware.ticks_ms(),
    onChange: (key, works) =>
      log.say(works ? 'I' : 'W', works ? 'sensor-back' : 'sensor-silent', `key=${keys[key].name}`),
  });
}
