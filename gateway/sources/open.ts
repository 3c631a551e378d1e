/** From a source of the configuration to what fetches its readings. */
import type { SourceConfig } from '../config/config.ts';
import { commandDriver } from './command.ts';
import type { Driver, OpenDriver, Sink } from './driver.ts';
import { fileDriver, oneWireDriver } from './file.ts';
import type { SerialPorts } from './serial.ts';
import type { TopicSource } from './topics.ts';

/**
 * What a broker had kept is as old as it may be: after each reconnect it would make a dead sensor look alive, so it counts
 * for nothing.
 */
function topicDriver(filter: string, topics: TopicSource, sink: Sink): Driver {
  const stop = topics.subscribe(filter, (_topic, payload, retained) => {
    if (!retained) sink.text(payload.toString('utf8'));
  });
  return { stop };
}

export function driverOpener(topics: TopicSource, serial: SerialPorts): OpenDriver {
  return ({ input, every_s }: SourceConfig, sink: Sink) => {
    switch (input.kind) {
      case 'mqtt':
        return topicDriver(input.topic, topics, sink);
      case 'serial':
        return serial.driver(input.device, input.baud, sink);
      case 'file':
        return fileDriver(input.path, every_s, sink);
      case 'one-wire':
        return oneWireDriver(input.folder, input.device, every_s, sink);
      case 'command':
        return commandDriver(input.command, input.timeout_s, every_s, sink);
    }
  };
}
