/** The agreed values, big; the one that is pressed is the one that the charts show. */
import type { KeyView, Snapshot } from '../../../view.ts';
import { byId, html, type Row, Rows, setAttribute, setText } from '../dom.ts';
import * as format from '../format.ts';

function stateOf(key: KeyView): string {
  if (key.recovering) return 'recovering: finding the swarm’s value again';
  if (key.agreed === null) return 'no agreed value yet';
  const sensors = key.sensors === 1 ? '1 sensor' : `${format.count(key.sensors)} sensors`;
  return `spread ${format.withUnit(format.spread(key.spread), key.unit)} · ${sensors}`;
}

function card(key: KeyView, choose: (name: string) => void, chosen: () => string): Row<KeyView> {
  const value = html('span', { class: 'card-value' });
  const unit = html('span', { class: 'card-unit' });
  const state = html('span', { class: 'card-state' });
  const name = html('span', { class: 'card-name' }, key.name);
  const button = html('button', { type: 'button', class: 'card', 'data-key': key.name });
  button.append(name, html('span', { class: 'card-figure' }, value, ' ', unit), state);
  button.addEventListener('click', () => choose(key.name));
  return {
    element: html('li', {}, button),
    update: (now) => {
      setText(value, format.value(now.agreed));
      setText(unit, now.unit);
      setText(state, stateOf(now));
      setAttribute(button, 'aria-pressed', String(chosen() === now.name));
      setAttribute(button, 'data-state', now.recovering ? 'recovering' : now.agreed === null ? 'none' : 'agreed');
    },
  };
}

export function keysPart(choose: (name: string) => void, chosen: () => string): (snapshot: Snapshot) => void {
  const rows = new Rows<KeyView>(
    byId('keys'),
    ({ name }) => name,
    (key) => card(key, choose, chosen),
  );
  return ({ keys }) => rows.show(keys);
}
