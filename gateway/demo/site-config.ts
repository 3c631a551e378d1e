/** The YAML file of a site's gateway, as its user would write it. */
import { stringify } from 'yaml';
import { addressOf, airTopic, CYCLE_MS, KEYS, ROOMS, roomTopic, SITES } from './plan.ts';

export interface SiteConfigOptions {
  site: number;
  /** UDP port of the site's swarm. */
  swarm_port: number;
  broker_url: string;
  /** Of the page; null for none. */
  page_port: number | null;
}

/** Beside the files of the gateways. Sites that agree together are one swarm, with one key: their ports keep them apart. */
export const SWARM_KEY_FILE = 'swarm.key';
export const FEDERATION_KEY_FILE = 'federation.key';

export function configFile(site: number): string {
  return `${SITES[site].name}.yaml`;
}

/** A sensor of the demo speaks each second. */
const SILENT_AFTER_S = 15;

function sources(name: string): object[] {
  const silent_after_s = SILENT_AFTER_S;
  const rooms = ROOMS.flatMap((room) =>
    (['temperature', 'humidity'] as const).map((key) => ({
      key,
      mqtt: roomTopic(name, room),
      field: key,
      silent_after_s,
    })),
  );
  return [...rooms, { key: 'co2', mqtt: airTopic(name), field: 'co2', silent_after_s }];
}

export function siteConfig({ site, swarm_port, broker_url, page_port }: SiteConfigOptions): string {
  const { name } = SITES[site];
  return stringify({
    site: name,
    swarm: {
      name: 'demo',
      key_file: SWARM_KEY_FILE,
      port: swarm_port,
      interface: addressOf(site, 0),
      cycle_ms: CYCLE_MS,
      state: `${name}-state`,
    },
    keys: KEYS,
    sources: sources(name),
    // The broker of the demo is the one inside every gateway, which speaks MQTT 3.1.1.
    mqtt: { url: broker_url, version: 3, every_s: 1 },
    federation: { key_file: FEDERATION_KEY_FILE },
    http: page_port === null ? { enabled: false } : { port: page_port },
    history: { every_s: 1 },
    log: { format: 'json' },
  });
}
