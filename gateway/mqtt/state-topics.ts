/** The topics that a gateway publishes on; docs/mqtt.md lists them with an example of each. */

import { topicLevel, topicPath } from './topic.ts';

export interface StateTopics {
  /** `online` or `offline`. */
  status: string;
  key(name: string): string;
  peers: string;
  sources: string;
  sites: string;
  alarms: string;
  /** `ON` or `OFF` for a class of alarms. */
  alarm(alarmClass: string): string;
  /** Not retained: an alarm came or went. */
  event: string;
  gateway: string;
}

/** @param base such as `lvs/house`: two gateways on one broker need two */
export function stateTopics(base: string): StateTopics {
  return {
    status: `${base}/status`,
    key: (name) => `${base}/key/${topicPath(name)}`,
    peers: `${base}/peers`,
    sources: `${base}/sources`,
    sites: `${base}/sites`,
    alarms: `${base}/alarms`,
    alarm: (alarmClass) => `${base}/alarm/${topicLevel(alarmClass)}`,
    event: `${base}/event`,
    gateway: `${base}/gateway`,
  };
}

export function defaultBase(site: string): string {
  return `lvs/${topicLevel(site)}`;
}
