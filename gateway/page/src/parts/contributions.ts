/** What each peer says of the chosen key, against the band that the guard draws around the middle. */
import type { Contribution, KeyView, Verdict } from '../../../view.ts';
import { drawStrip, legendShape } from '../charts/strip.ts';
import { html, Rows, setAttribute, setText, svg, table, tableRow } from '../dom.ts';
import * as format from '../format.ts';
import { details, panel } from './panel.ts';

const WORDS: Readonly<Record<Verdict, string>> = {
  inside: 'inside the band',
  clamped: 'clamped to the cap',
  'left-out': 'left out',
  'not-counted': 'not counted',
};
const VERDICTS = Object.keys(WORDS) as Verdict[];

function peerName(peer: string): string {
  return peer === 'own' ? 'this node' : peer;
}

function bandText({ band, unit, contributions }: KeyView): string {
  if (contributions.length === 0) return 'Nobody is heard yet.';
  if (band === null) return 'No band: the guard draws one from six contributions on.';
  const say = (number: number): string => format.withUnit(format.spread(number), unit);
  const middle = format.withUnit(format.value(band.middle), unit);
  return `The middle is ${middle}. Beyond ±${say(band.cap)} the guard clamps, beyond ±${say(band.reject)} it leaves out.`;
}

function legend(counts: ReadonlyMap<Verdict, HTMLElement>): HTMLElement {
  const list = html('ul', { class: 'legend' });
  for (const verdict of VERDICTS) {
    list.append(html('li', {}, legendShape(verdict), `${WORDS[verdict]} `, counts.get(verdict) ?? ''));
  }
  const ring = svg('circle', { class: 'ring', cx: '7', cy: '7', r: '6' });
  const own = svg('svg', { width: '14', height: '14', 'aria-hidden': 'true' }, svg('g', { class: 'dot own' }, ring));
  list.append(html('li', {}, own, 'this node'));
  return list;
}

export function contributionsPart(): (key: KeyView | undefined) => void {
  const { element, title, note } = panel('contributions', 'Contributions');
  const drawing = svg('svg', { class: 'strip', role: 'img', width: '100%' });
  const place = html('div', { class: 'strip-place' }, drawing);
  const counts = new Map(VERDICTS.map((verdict) => [verdict, html('b')]));
  const figures = table('Contributions', ['Peer', 'Value', 'Age in cycles', 'Verdict']);
  let unit = '';
  const rows = new Rows<Contribution>(
    figures.body,
    ({ peer }) => peer,
    (one) =>
      tableRow(one, [
        ({ peer }) => peerName(peer),
        ({ value }) => format.withUnit(format.value(value), unit),
        ({ age_cycles }) => format.count(age_cycles),
        ({ verdict }) => WORDS[verdict],
      ]),
  );
  element.append(place, legend(counts), details('As a table', figures.element));

  let shown: KeyView | undefined;
  const draw = (): void => {
    if (shown === undefined) return;
    const width_px = Math.max(200, place.clientWidth);
    const { height_px, elements } = drawStrip(shown, width_px);
    setAttribute(drawing, 'viewBox', `0 0 ${width_px} ${height_px}`);
    setAttribute(drawing, 'height', String(height_px));
    drawing.replaceChildren(...elements);
  };
  new ResizeObserver(draw).observe(place);

  return (key) => {
    shown = key;
    if (key === undefined) return;
    unit = key.unit;
    setText(title, `Contributions to ${key.name}`);
    setText(note, bandText(key));
    const found = (verdict: Verdict): number => key.contributions.filter((one) => one.verdict === verdict).length;
    for (const [verdict, count] of counts) setText(count, format.count(found(verdict)));
    const parts = VERDICTS.filter((verdict) => found(verdict) > 0).map(
      (verdict) => `${found(verdict)} ${WORDS[verdict]}`,
    );
    setAttribute(
      drawing,
      'aria-label',
      `${key.contributions.length} contributions to ${key.name}: ${parts.join(', ')}.`,
    );
    rows.show(key.contributions);
    draw();
  };
}
