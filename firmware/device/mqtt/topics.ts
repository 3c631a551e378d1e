/** The topics of docs/mqtt.md that a device publishes on. */

import { topicLevel, topicPath } from './names.ts';

export interface Topics {
  status: string;
  peers: string;
  gateway: string;
  keys: string[];
}

/** @param prefix such as `lvs` */
export function topicsOf(prefix: string, site: string, keys: readonly string[]): Topics {
  const base = `${prefix}/${topicLevel(site)}`;
  return {
    status: `${base}/status`,
    peers: `${base}/peers`,
    gateway: `${base}/gateway`,
    keys: keys.map((name) => `${base}/key/${topicPath(name)}`),
  };
}
