/** What the demo consists of: its sites, what they agree on, and where each listens. */

/** A site is warmer or colder than the others, and its people use more or less air. */
export interface SitePlan {
  name: string;
  /** Added to the day's curve, in °C. */
  warmer: number;
  co2_ppm: number;
}

export const SITES: readonly SitePlan[] = [
  { name: 'harbour', warmer: -1.5, co2_ppm: 520 },
  { name: 'mill', warmer: 0.2, co2_ppm: 640 },
  { name: 'orchard', warmer: 1.3, co2_ppm: 450 },
];

/** Of a site, beside its gateway, which is a member with sensors of its own. */
export const NODES = 5;

/** The order is that of the firmware's table. Spans are about 1.6 times what the sensors differ by (docs/drift.md). */
export const KEYS = [
  { name: 'temperature', unit: '°C', floor: 0.05, span: 8, range: [0, 60], reference: 20, scope: 'all' },
  { name: 'humidity', unit: '%', floor: 0.5, span: 24, range: [0, 100], reference: 50, scope: 'all' },
  { name: 'co2', unit: 'ppm', floor: 2, span: 200, range: [300, 5000], reference: 500, scope: 'site' },
] as const;

/** The key whose agreement is shown while the demo runs. */
export const SHOWN_KEY = 0;

/** Half the usual: a day of minutes moves faster than a real one. */
export const CYCLE_MS = 500;

/** Thermometers of a gateway, whose median is what it says. */
export const ROOMS = ['hall', 'kitchen', 'office'] as const;

export function roomTopic(site: string, room: string): string {
  return `zigbee2mqtt/${site}_${room}`;
}

export function airTopic(site: string): string {
  return `zigbee2mqtt/${site}_air`;
}

/** All of 127.0.0.0/8 is this computer's own on Linux; the gateway is number 0. */
export function addressOf(site: number, member: number): string {
  return `127.86.${site + 1}.${member + 1}`;
}
