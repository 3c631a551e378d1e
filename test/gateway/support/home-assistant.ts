/**
 * As much of Home Assistant as discovery touches, by its documentation: abbreviations are expanded, the payload is checked,
 * and entities are kept in a registry by unique id, which outlives a restart. A component that comes with nothing but its
 * platform goes, one that is merely missing stays, and an empty payload takes the device with all it has.
 */
import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import type { TopicSource } from '../../../gateway/mqtt/subscriptions.ts';

type Dict = Record<string, unknown>;

/** homeassistant/components/mqtt/abbreviations.py, those that concern sensors. */
const OPTIONS: Record<string, string> = {
  avty_t: 'availability_topic',
  cmps: 'components',
  def_ent_id: 'default_entity_id',
  dev: 'device',
  dev_cla: 'device_class',
  e: 'encoding',
  en: 'enabled_by_default',
  ent_cat: 'entity_category',
  exp_aft: 'expire_after',
  frc_upd: 'force_update',
  ic: 'icon',
  o: 'origin',
  off_dly: 'off_delay',
  p: 'platform',
  pl_off: 'payload_off',
  pl_on: 'payload_on',
  stat_cla: 'state_class',
  stat_t: 'state_topic',
  sug_dsp_prc: 'suggested_display_precision',
  uniq_id: 'unique_id',
  unit_of_meas: 'unit_of_measurement',
  val_tpl: 'value_template',
};
const DEVICE: Record<string, string> = {
  cns: 'connections',
  cu: 'configuration_url',
  hw: 'hw_version',
  ids: 'identifiers',
  mdl: 'model',
  mdl_id: 'model_id',
  mf: 'manufacturer',
  sa: 'suggested_area',
  sn: 'serial_number',
  sw: 'sw_version',
};
const ORIGIN: Record<string, string> = { sw: 'sw_version', url: 'support_url' };

/** homeassistant/components/sensor/const.py, DEVICE_CLASS_UNITS, of the classes that a gateway gives. */
const UNITS: Record<string, readonly string[] | undefined> = {
  apparent_power: ['VA', 'mVA', 'kVA'],
  battery: ['%'],
  carbon_dioxide: ['ppm'],
  carbon_monoxide: ['ppm'],
  conductivity: ['S/cm', 'mS/cm', 'µS/cm'],
  current: ['A', 'mA'],
  frequency: ['Hz', 'kHz', 'MHz', 'GHz'],
  humidity: ['%'],
  illuminance: ['lx'],
  irradiance: ['W/m²', 'BTU/(h⋅ft²)'],
  moisture: ['%'],
  pm1: ['µg/m³'],
  pm10: ['µg/m³'],
  pm25: ['µg/m³'],
  power: ['mW', 'W', 'kW', 'MW', 'GW', 'TW', 'BTU/h'],
  precipitation_intensity: ['in/d', 'in/h', 'mm/d', 'mm/h'],
  pressure: ['Pa', 'hPa', 'kPa', 'bar', 'cbar', 'mbar', 'mmHg', 'inHg', 'psi'],
  signal_strength: ['dB', 'dBm'],
  sound_pressure: ['dB', 'dBA'],
  speed: ['ft/s', 'in/d', 'in/h', 'in/s', 'km/h', 'kn', 'm/s', 'mph', 'mm/d', 'mm/h', 'mm/s', 'Beaufort'],
  temperature: ['°C', '°F', 'K'],
  voltage: ['V', 'mV', 'µV', 'kV', 'MV'],
  volume_flow_rate: ['m³/h', 'm³/min', 'm³/s', 'L/h', 'L/min', 'L/s', 'mL/s', 'ft³/min', 'gal/min'],
};

const check = new Ajv({ allErrors: true }).compile(
  JSON.parse(readFileSync(new URL('discovery-schema.json', import.meta.url), 'utf8')) as object,
);

const renamed = (given: Dict, names: Record<string, string>): Dict =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [names[name] ?? name, value]));

const isDict = (value: unknown): value is Dict => typeof value === 'object' && value !== null;

/** The payload in full words. @throws what Home Assistant would refuse it for */
export function readDiscovery(text: string): { components: Record<string, Dict>; device: Dict } {
  const payload = renamed(JSON.parse(text) as Dict, OPTIONS);
  if (isDict(payload.device)) payload.device = renamed(payload.device, DEVICE);
  if (isDict(payload.origin)) payload.origin = renamed(payload.origin, ORIGIN);
  const components = isDict(payload.components) ? payload.components : {};
  for (const [id, one] of Object.entries(components)) if (isDict(one)) components[id] = renamed(one, OPTIONS);
  if (!check(payload)) throw new Error(JSON.stringify(check.errors, null, 1));
  for (const [id, component] of Object.entries(components as Record<string, Dict>)) {
    const { platform, device_class, unit_of_measurement } = component;
    if (platform !== 'sensor' || typeof device_class !== 'string') continue;
    const units = UNITS[device_class];
    if (!units?.includes(String(unit_of_measurement))) {
      throw new Error(`${id}: unit ${String(unit_of_measurement)} is none of ${device_class}`);
    }
  }
  return { components: components as Record<string, Dict>, device: payload.device as Dict };
}

export class HomeAssistant {
  /** By unique id: what the user sees. */
  readonly entities = new Map<string, Dict>();
  readonly refused: string[] = [];
  /** The name of each device that is there, by its topic. */
  readonly devices = new Map<string, string>();
  #known = new Map<string, Map<string, string>>();
  #stop: () => void = () => undefined;

  start(source: TopicSource, prefix = 'homeassistant'): void {
    this.#stop = source.subscribe(`${prefix}/device/+/config`, (topic, payload) =>
      this.#discover(topic, payload.toString()),
    );
  }

  /** What it knew of topics is gone, its registry is not. */
  stop(): void {
    this.#stop();
    this.#known = new Map();
  }

  #discover(topic: string, text: string): void {
    const known = this.#known.get(topic) ?? new Map<string, string>();
    if (text === '') {
      for (const unique of known.values()) this.entities.delete(unique);
      this.#known.delete(topic);
      this.devices.delete(topic);
      return;
    }
    try {
      const { components, device } = readDiscovery(text);
      this.devices.set(topic, String(device.name));
      for (const [id, component] of Object.entries(components)) {
        const unique = component.unique_id;
        if (typeof unique === 'string') {
          known.set(id, unique);
          this.entities.set(unique, component);
        } else {
          this.entities.delete(known.get(id) ?? '');
          known.delete(id);
        }
      }
      this.#known.set(topic, known);
    } catch (error) {
      this.refused.push(String(error));
    }
  }
}
