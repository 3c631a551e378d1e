/** What the demo says of itself while it runs: a short line for people, an event for programs. */
import { SHOWN_KEY } from './plan.ts';

export interface DemoView {
  seconds: number;
  cycle: number;
  /** What each site's nodes hold and what its sensors say, the gateway's own among them; in the order of the plan. */
  keys: { name: string; unit: string; sites: { site: string; agreed: number[]; readings: number[] }[] }[];
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function shown(value: number | null): string {
  return value === null ? '-' : value.toFixed(2);
}

/**
 * `cycle 88: harbour 20.41, mill 20.40, orchard 20.41 °C; mean of all 20.43`; on a terminal of less than some 75 columns
 * `20.41 20.40 20.41 °C, all 20.43`.
 */
export function viewLine({ cycle, keys }: DemoView, columns: number): string {
  const { unit, sites } = keys[SHOWN_KEY];
  const all = shown(mean(sites.flatMap((site) => site.readings)));
  const named = sites.map(({ site, agreed }) => `${site} ${shown(mean(agreed))}`).join(', ');
  const line = `cycle ${cycle}: ${named} ${unit}; mean of all ${all}`;
  return line.length <= columns
    ? line
    : `${sites.map(({ agreed }) => shown(mean(agreed))).join(' ')} ${unit}, all ${all}`;
}

/** Values are null until a site's nodes hold one. `spread` is of all nodes of all sites. */
export function viewEvent({ seconds, cycle, keys }: DemoView): object {
  return {
    type: 'state',
    seconds,
    cycle,
    keys: keys.map(({ name, unit, sites }) => {
      const held = sites.flatMap(({ agreed }) => agreed);
      return {
        name,
        unit,
        sites: Object.fromEntries(sites.map(({ site, agreed }) => [site, mean(agreed)])),
        spread: held.length === 0 ? null : Math.max(...held) - Math.min(...held),
        sensors_mean: mean(sites.flatMap(({ readings }) => readings)),
      };
    }),
  };
}
