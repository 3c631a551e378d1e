/**
 * Home Assistant's device discovery: one retained message that names a device and all of its entities
 * (https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload, and `DEVICE_DISCOVERY_SCHEMA` in
 * homeassistant/components/mqtt/schemas.py; abbreviations in abbreviations.py beside it).
 */

import { digitsOf } from '../payloads.ts';
import type { StateTopics } from '../state-topics.ts';
import { alarmId, componentId } from './ids.ts';
import { deviceClassOf, unitOf } from './units.ts';

export interface DiscoveredKey {
  name: string;
  /** What people call it; '' for the name. */
  label: string;
  unit: string;
  resolution: number;
  /** '' for what follows from the unit. */
  device_class: string;
  /** Whether this gateway has a source for it. */
  own: boolean;
}

export interface DiscoveryOptions {
  /** The id that the device is known by, for ever: `deviceId` of the site's first name. */
  device: string;
  /** The site's name in the configuration; may change. */
  site: string;
  /** What people call the device; may change. */
  label: string;
  keys: readonly DiscoveredKey[];
  alarm_classes: readonly { name: string; label: string }[];
  topics: StateTopics;
  version: string;
  /** Where the gateway's page is; '' for none. */
  page_url: string;
  /** Where its user finds help; '' for none. */
  support_url: string;
}

/** One entity: its platform `p`, its `unique_id`, and what that platform takes. */
export type Component = Record<string, string | number | boolean> & { p: string };

export interface DiscoveryPayload {
  dev: Record<string, string>;
  o: Record<string, string>;
  cmps: Record<string, Component>;
}

export function discoveryPayload(options: DiscoveryOptions): DiscoveryPayload {
  const { device, site, label, version, page_url, support_url } = options;
  const cmps: Record<string, Component> = {};
  for (const [id, component] of [
    ...options.keys.flatMap((key) => keyComponents(key, options)),
    ...ofGateway(options),
  ]) {
    cmps[id] = { ...component, unique_id: `${device}_${id}` };
  }
  return {
    dev: {
      ids: device,
      name: label === '' ? site : label,
      mf: 'lvs-node',
      mdl: 'LVS gateway',
      sw: version,
      ...(page_url === '' ? {} : { cu: page_url }),
    },
    o: { name: 'lvs-node', sw: version, ...(support_url === '' ? {} : { url: support_url }) },
    cmps,
  };
}

function keyComponents(key: DiscoveredKey, { topics }: DiscoveryOptions): [string, Component][] {
  const { name, unit } = key;
  const label = key.label === '' ? name : key.label;
  const deviceClass = key.device_class === '' ? deviceClassOf(name, unit) : key.device_class;
  const shared: Component = {
    p: 'sensor',
    stat_t: topics.key(name),
    avty_t: topics.status,
    stat_cla: 'measurement',
    ...(unit === '' ? {} : { unit_of_meas: unitOf(unit) }),
    sug_dsp_prc: Math.max(0, digitsOf(key.resolution) - 1),
  };
  const classed: Record<string, string> = deviceClass === '' ? {} : { dev_cla: deviceClass };
  const spread: Component = {
    ...shared,
    // A difference of temperatures is no temperature: 1 °C of spread must not become 33.8 °F.
    ...(deviceClass === 'temperature' ? {} : classed),
    name: `${label} spread`,
    val_tpl: '{{ value_json.spread }}',
    ent_cat: 'diagnostic',
  };
  const components: [string, Component][] = [
    [componentId(name, 'agreed'), { ...shared, ...classed, name: label, val_tpl: '{{ value_json.agreed }}' }],
    [componentId(name, 'spread'), spread],
  ];
  if (key.own) {
    const own: Component = {
      ...shared,
      ...classed,
      name: `${label} here`,
      val_tpl: '{{ value_json.own }}',
      ent_cat: 'diagnostic',
    };
    components.push([componentId(name, 'own'), own]);
  }
  return components;
}

function ofGateway({ topics, alarm_classes }: DiscoveryOptions): [string, Component][] {
  const problems = alarm_classes.map(({ name, label }): [string, Component] => [
    alarmId(name),
    {
      p: 'binary_sensor',
      name: label,
      dev_cla: 'problem',
      ent_cat: 'diagnostic',
      stat_t: topics.alarm(name),
      avty_t: topics.status,
    },
  ]);
  return [
    ...problems,
    [
      'connection',
      // Without availability: it is to say "disconnected", not to be unavailable.
      {
        p: 'binary_sensor',
        name: 'Connection',
        dev_cla: 'connectivity',
        ent_cat: 'diagnostic',
        stat_t: topics.status,
        pl_on: 'online',
        pl_off: 'offline',
      },
    ],
    [
      'peers',
      {
        p: 'sensor',
        name: 'Peers',
        ent_cat: 'diagnostic',
        stat_t: topics.peers,
        avty_t: topics.status,
        stat_cla: 'measurement',
        val_tpl: '{{ value_json.count }}',
      },
    ],
    [
      'trust',
      {
        p: 'sensor',
        name: 'Least trust',
        ent_cat: 'diagnostic',
        stat_t: topics.peers,
        avty_t: topics.status,
        unit_of_meas: '%',
        stat_cla: 'measurement',
        val_tpl: '{{ (value_json.trust_least * 100) | round(0) if value_json.trust_least is not none else none }}',
      },
    ],
  ];
}
