/** The sensors of this site: what they say, and what is wrong with those that say nothing. */
import type { Snapshot, SourceState, SourceView } from '../../../view.ts';
import { html, type Row, Rows, setAttribute, setText, table } from '../dom.ts';
import * as format from '../format.ts';
import { panel } from './panel.ts';

const WORDS: Readonly<Record<SourceState, string>> = {
  ok: 'fine',
  waiting: 'waiting',
  silent: 'silent',
  jumped: 'jumped',
  'out-of-range': 'out of range',
  failed: 'failed',
};

interface NamedSource {
  name: string;
  source: SourceView;
  unit: string;
  now_ms: number;
}

function sourceRow(): Row<NamedSource> {
  const name = html('th', { scope: 'row' });
  const state = html('span');
  const text = html('span', { class: 'source-text' });
  const cells = [html('td'), html('td'), html('td')] as const;
  const element = html('tr', {}, name, cells[0], cells[1], html('td', {}, state, text), cells[2]);
  return {
    element,
    update: ({ source, unit, now_ms }) => {
      setText(name, source.key);
      setText(cells[0], source.kind);
      setAttribute(state, 'class', `state ${source.state}`);
      setText(state, WORDS[source.state]);
      setText(text, source.text);
      setText(cells[1], format.withUnit(format.value(source.value), unit));
      setText(cells[2], format.duration((now_ms - source.since_ms) / 1000));
    },
  };
}

/** A key may have several sources of one kind: they are told apart by their place. */
function named({ sources, keys, time_ms }: Snapshot): NamedSource[] {
  const seen = new Map<string, number>();
  return sources.map((source) => {
    const start = `${source.key} ${source.kind}`;
    const place = (seen.get(start) ?? 0) + 1;
    seen.set(start, place);
    const unit = keys.find(({ name }) => name === source.key)?.unit ?? '';
    return { name: `${start} ${place}`, source, unit, now_ms: time_ms };
  });
}

export function sourcesPart(): (snapshot: Snapshot) => void {
  const { element, note } = panel('sources', 'Sensor sources');
  const figures = table('Sensor sources', ['Key', 'Kind', 'Reading', 'State', 'For']);
  element.append(figures.element);
  const rows = new Rows<NamedSource>(figures.body, ({ name }) => name, sourceRow);
  return (snapshot) => {
    const { sources } = snapshot;
    const fine = sources.filter(({ state }) => state === 'ok').length;
    const text = `${format.count(fine)} of ${format.count(sources.length)} take part. The others are kept out until they return.`;
    const all = sources.length === 0 ? 'None configured: this node only listens.' : 'All take part.';
    setText(note, fine === sources.length ? all : text);
    figures.element.hidden = sources.length === 0;
    rows.show(named(snapshot));
  };
}
