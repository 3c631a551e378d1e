/** The other sites of the federation: what each says of each key, and with what weight. */
import type { SiteView, Snapshot } from '../../../view.ts';
import { html, type Row, Rows, setText } from '../dom.ts';
import * as format from '../format.ts';
import { panel } from './panel.ts';

interface SiteKey {
  name: string;
  value: string;
  weight: string;
}

function siteKeyRow(): Row<SiteKey> {
  const name = html('dt');
  const value = html('dd');
  const weight = html('dd', { class: 'muted' });
  return {
    element: html('div', {}, name, value, weight),
    update: (key) => {
      setText(name, key.name);
      setText(value, key.value);
      setText(weight, key.weight);
    },
  };
}

function siteRow(units: () => ReadonlyMap<string, string>): Row<SiteView> {
  const name = html('h3');
  const about = html('p', { class: 'muted' });
  const list = html('dl');
  const rows = new Rows<SiteKey>(list, (key) => key.name, siteKeyRow);
  return {
    element: html('li', { class: 'site' }, html('div', { class: 'site-head' }, name, about), list),
    update: ({ site, age_s, gateways, keys }) => {
      setText(name, site);
      const count = gateways === 1 ? '1 gateway' : `${format.count(gateways)} gateways`;
      setText(about, `${count}, heard ${format.duration(age_s)} ago`);
      rows.show(
        keys.map((key) => ({
          name: key.name,
          value: format.withUnit(format.value(key.value), units().get(key.name) ?? ''),
          weight: `weight ${format.spread(key.weight)}`,
        })),
      );
    },
  };
}

export function sitesPart(): (snapshot: Snapshot) => void {
  const { element, note } = panel('sites', 'Other sites');
  const list = html('ul', { class: 'sites' });
  element.append(list);
  let units: ReadonlyMap<string, string> = new Map();
  const rows = new Rows<SiteView>(
    list,
    ({ site }) => site,
    () => siteRow(() => units),
  );
  return ({ sites, keys }) => {
    units = new Map(keys.map(({ name, unit }) => [name, unit]));
    const count = sites.length === 1 ? '1 other site joins' : `${format.count(sites.length)} other sites join`;
    setText(note, sites.length === 0 ? 'None: this site agrees by itself.' : `${count} the federation.`);
    rows.show(sites);
  };
}
