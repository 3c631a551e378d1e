/**
 * Home Assistant's device discovery, the gateway's message (gateway/mqtt/homeassistant/discovery.ts) piece by piece: with
 * 16 keys it has 14 KB, which a chip never holds at once. The alarms are the gateway's alone.
 */

import type { Crypt } from '../seal/crypt.ts';
import { deviceId, keyId } from './names.ts';
import { digitsOf } from './payloads.ts';
import type { MqttKey } from './settings.ts';
import type { Topics } from './topics.ts';
import { deviceClassOf, unitOf } from './units.ts';

type Component = Record<string, string | number>;

export interface DiscoveryOptions {
  site: string;
  version: string;
  keys: readonly MqttKey[];
  topics: Topics;
  crypt: Crypt;
}

const OF_KEY = 3;
const OF_DEVICE = 3;

export class Discovery {
  readonly device: string;
  /** Pieces of the message, in order. */
  readonly pieces: number;
  readonly #options: DiscoveryOptions;

  constructor(options: DiscoveryOptions) {
    this.#options = options;
    this.device = deviceId(options.site, options.crypt);
    this.pieces = 2 + OF_KEY * options.keys.length + OF_DEVICE;
  }

  /** May be '': a key without a sensor here has one component less. */
  piece(index: number): string {
    if (index === 0) return this.#head();
    if (index === this.pieces - 1) return '}}';
    const component = index - 1;
    const key = Math.floor(component / OF_KEY);
    if (key < this.#options.keys.length) return this.#keyComponent(key, component % OF_KEY);
    const text = this.#deviceComponent(component - OF_KEY * this.#options.keys.length);
    return component === 0 ? text : `,${text}`;
  }

  #head(): string {
    const { site, version } = this.#options;
    const dev = { ids: this.device, name: site, mf: 'lvs-node', mdl: 'LVS gateway', sw: version };
    return `{"dev":${JSON.stringify(dev)},"o":${JSON.stringify({ name: 'lvs-node', sw: version })},"cmps":{`;
  }

  #named(id: string, component: Component): string {
    component.unique_id = `${this.device}_${id}`;
    return `${JSON.stringify(id)}:${JSON.stringify(component)}`;
  }

  #keyComponent(key: number, which: number): string {
    const { keys, topics, crypt } = this.#options;
    const { name, unit, resolution, own } = keys[key];
    if (which === 2 && !own) return '';
    const component: Component = { p: 'sensor', stat_t: topics.keys[key], avty_t: topics.status };
    component.stat_cla = 'measurement';
    if (unit !== '') component.unit_of_meas = unitOf(unit);
    component.sug_dsp_prc = Math.max(0, digitsOf(resolution) - 1);
    const deviceClass = deviceClassOf(name, unit);
    // A difference of temperatures is no temperature: 1 °C of spread must not become 33.8 °F.
    if (deviceClass !== '' && !(which === 1 && deviceClass === 'temperature')) component.dev_cla = deviceClass;
    const what = which === 0 ? 'agreed' : which === 1 ? 'spread' : 'own';
    component.name = which === 0 ? name : which === 1 ? `${name} spread` : `${name} here`;
    component.val_tpl = `{{ value_json.${what} }}`;
    if (which !== 0) component.ent_cat = 'diagnostic';
    const text = this.#named(`${keyId(name, crypt)}_${what}`, component);
    return key === 0 && which === 0 ? text : `,${text}`;
  }

  #deviceComponent(which: number): string {
    const { topics } = this.#options;
    // Without availability: it is to say "disconnected", not to be unavailable.
    if (which === 0) {
      return this.#named('connection', {
        p: 'binary_sensor',
        name: 'Connection',
        dev_cla: 'connectivity',
        ent_cat: 'diagnostic',
        stat_t: topics.status,
        pl_on: 'online',
        pl_off: 'offline',
      });
    }
    const component: Component = { p: 'sensor', name: which === 1 ? 'Peers' : 'Least trust', ent_cat: 'diagnostic' };
    component.stat_t = topics.peers;
    component.avty_t = topics.status;
    if (which === 2) component.unit_of_meas = '%';
    component.stat_cla = 'measurement';
    component.val_tpl = which === 1 ? '{{ value_json.count }}' : TRUST_TEMPLATE;
    return this.#named(which === 1 ? 'peers' : 'trust', component);
  }
}

const TRUST_TEMPLATE =
  '{{ (value_json.trust_least * 100) | round(0) if value_json.trust_least is not none else none }}';
