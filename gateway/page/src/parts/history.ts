/** The chosen key over time: the range to show, the charts, what is under the pointer, and the figures as a table. */
import type { KeyView, Snapshot } from '../../../view.ts';
import { type Columns, extentOf, NO_COLUMNS, sampleRows } from '../charts/columns.ts';
import { type Span, TimeChart } from '../charts/time-chart.ts';
import { html, Rows, setAttribute, setText, table, tableRow } from '../dom.ts';
import * as format from '../format.ts';
import { HistorySource } from '../history-source.ts';
import { details, panel } from './panel.ts';

const RANGES = [
  { words: '15 min', range_s: 900 },
  { words: '1 h', range_s: 3600 },
  { words: '6 h', range_s: 21_600 },
  { words: '24 h', range_s: 86_400 },
];
const TABLE_ROWS = 12;
/** What-ifs that this page has seen. */
const SPANS_MAX = 50;

function rangeChoice(choose: (range_s: number) => void): HTMLElement {
  const fieldset = html('fieldset', { class: 'segments' }, html('legend', { class: 'hidden' }, 'Time to show'));
  RANGES.forEach(({ words, range_s }, i) => {
    const input = html('input', { type: 'radio', name: 'range', value: String(range_s) });
    input.checked = i === 0;
    input.addEventListener('change', () => choose(range_s));
    fieldset.append(html('label', {}, input, html('span', {}, words)));
  });
  return fieldset;
}

function line(kind: string, words: string): HTMLElement {
  return html('li', {}, html('span', { class: `line ${kind}`, 'aria-hidden': 'true' }), words);
}

export class History {
  readonly #source = new HistorySource();
  readonly #title: HTMLElement;
  readonly #readout: HTMLElement;
  readonly #chart: TimeChart;
  readonly #valuePlace = html('div', { class: 'plot', role: 'img' });
  readonly #rows: Rows<number>;
  readonly #table: HTMLDetailsElement;
  readonly #spans: Span[] = [];
  #range_s = RANGES[0]?.range_s ?? 900;
  #key: KeyView | undefined;
  #time_ms = 0;
  #pointed: number | null = null;

  constructor() {
    const { element, title, note } = panel('history', 'Over time');
    this.#title = title;
    this.#readout = note;
    note.classList.add('readout');
    title.parentElement?.append(
      rangeChoice((range_s) => {
        this.#range_s = range_s;
        this.#follow();
      }),
    );
    const spreadPlace = html('div', { class: 'plot', 'aria-hidden': 'true' });
    const caption = html(
      'p',
      { class: 'plot-caption' },
      'Spread: the largest difference between the values that nodes hold',
    );
    const legend = html(
      'ul',
      { class: 'legend' },
      line('agreed', 'agreed'),
      line('own', 'this node’s sensor'),
      line('spread', 'spread'),
      line('what-if', 'what-if ran'),
    );
    const figures = table('History', ['Time', 'Agreed', 'Own', 'Spread']);
    this.#table = details('As a table', figures.element);
    this.#table.addEventListener('toggle', () => this.#showTable());
    element.append(this.#valuePlace, caption, spreadPlace, legend, this.#table);
    this.#rows = new Rows<number>(figures.body, String, (row) => tableRow(row, this.#columnsOfTable()));
    const shown = { columns: NO_COLUMNS, from_s: 0, to_s: 1, spans: this.#spans };
    this.#chart = new TimeChart({ value: this.#valuePlace, spread: spreadPlace }, shown, (index) => {
      this.#pointed = index;
      this.#showReadout();
    });
  }

  recolour(): void {
    this.#chart.recolour();
  }

  /** The stream broke off: what came in between is only in the gateway's history. */
  missed(): void {
    this.#source.forget();
  }

  show({ time_ms, what_if }: Snapshot, key: KeyView | undefined): void {
    this.#time_ms = time_ms;
    this.#key = key;
    if (what_if !== null) this.#markWhatIf(time_ms / 1000);
    if (key === undefined) return;
    setText(this.#title, `${key.name} over time`);
    this.#follow();
  }

  #markWhatIf(now_s: number): void {
    const last = this.#spans.at(-1);
    if (last !== undefined && now_s - last.to_s < 5) last.to_s = now_s;
    else this.#spans.push({ from_s: now_s, to_s: now_s });
    if (this.#spans.length > SPANS_MAX) this.#spans.shift();
  }

  #follow(): void {
    if (this.#key === undefined) return;
    this.#source.follow(this.#key, this.#time_ms, this.#range_s, () => this.#draw());
    this.#draw();
  }

  #draw(): void {
    const to_s = this.#time_ms / 1000;
    const { columns } = this.#source;
    this.#chart.show({ columns, from_s: to_s - this.#range_s, to_s, spans: this.#spans });
    this.#showReadout();
    this.#showTable();
    setAttribute(this.#valuePlace, 'aria-label', this.#summary(columns));
  }

  #summary(columns: Columns): string {
    const agreed = extentOf(columns.agreed);
    const spread = extentOf(columns.spread);
    const { name = '', unit = '' } = this.#key ?? {};
    if (agreed === null || spread === null) return `${name}: nothing agreed in this time.`;
    const say = (number: number): string => format.withUnit(format.value(number), unit);
    const most = format.withUnit(format.spread(spread.most), unit);
    return `${name} in the last ${format.duration(this.#range_s)}: between ${say(agreed.least)} and ${say(agreed.most)}; spread at most ${most}.`;
  }

  #showReadout(): void {
    const { columns, fault } = this.#source;
    const row = this.#pointed ?? columns.time_s.length - 1;
    const time_s = columns.time_s.at(row);
    if (fault !== '' || time_s === undefined) {
      setText(this.#readout, fault === '' ? 'Nothing recorded in this time yet.' : fault);
      return;
    }
    const unit = this.#key?.unit ?? '';
    const agreed = `agreed ${format.withUnit(format.value(columns.agreed[row] ?? null), unit)}`;
    const own = columns.own[row] ?? null;
    const sensor = own === null ? '' : `, own ${format.withUnit(format.value(own), unit)}`;
    const spread = `, spread ${format.withUnit(format.spread(columns.spread[row] ?? null), unit)}`;
    setText(this.#readout, `${format.exactTime(time_s * 1000)}: ${agreed}${sensor}${spread}`);
  }

  #showTable(): void {
    if (this.#table.open) this.#rows.show(sampleRows(this.#source.columns, TABLE_ROWS));
  }

  #columnsOfTable(): ((row: number) => string)[] {
    const now = (): Columns => this.#source.columns;
    return [
      (row) => format.exactTime((now().time_s[row] ?? 0) * 1000),
      (row) => format.value(now().agreed[row] ?? null),
      (row) => format.value(now().own[row] ?? null),
      (row) => format.spread(now().spread[row] ?? null),
    ];
  }
}
