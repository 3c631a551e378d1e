/** The agreed value over time, and below it, on the same clock, the spread. */
import uPlot from 'uplot';
import * as format from '../format.ts';
import { type Colours, readColours } from './colours.ts';
import type { Columns } from './columns.ts';

const VALUE_HEIGHT_PX = 220;
const SPREAD_HEIGHT_PX = 96;
const AXIS_WIDTH_PX = 58;
/** Half of `18:00`, which stands under its time also at the right end. */
const TIME_LABEL_HALF_PX = 18;
const FONT = '12px system-ui, sans-serif';

/** A time in which the what-if ran, in seconds. */
export interface Span {
  from_s: number;
  to_s: number;
}

export interface Shown {
  columns: Columns;
  from_s: number;
  to_s: number;
  spans: readonly Span[];
}

type Point = (index: number | null) => void;

/** An honest picture of a quiet key is a quiet line: noise is not blown up to the full height. */
const RANGE_SHARE_MIN = 0.004;

function valueRange(_plot: uPlot, least: number | null, most: number | null): uPlot.Range.MinMax {
  if (least === null || most === null) return [0, 1];
  const middle = (least + most) / 2;
  const half = Math.max((most - least) * 0.6, (Math.abs(middle) * RANGE_SHARE_MIN) / 2, 1e-6);
  return [middle - half, middle + half];
}

function spreadRange(_plot: uPlot, _least: number | null, most: number | null): uPlot.Range.MinMax {
  return [0, Math.max((most ?? 0) * 1.15, 1e-6)];
}

export class TimeChart {
  readonly #places: { value: HTMLElement; spread: HTMLElement };
  readonly #pointed: Point;
  #plots: { value: uPlot; spread: uPlot };
  #shown: Shown;

  /** @param pointed hears which row is under the pointer, null when none is */
  constructor(places: { value: HTMLElement; spread: HTMLElement }, shown: Shown, pointed: Point) {
    this.#places = places;
    this.#shown = shown;
    this.#pointed = pointed;
    this.#plots = this.#drawn();
    new ResizeObserver(() => this.#resize()).observe(places.value);
  }

  show(shown: Shown): void {
    this.#shown = shown;
    const { time_s, agreed, own, spread } = shown.columns;
    this.#plots.value.setData([time_s, agreed, own]);
    this.#plots.spread.setData([time_s, spread]);
  }

  /** Draws anew with the colours that hold now. */
  recolour(): void {
    this.#plots.value.destroy();
    this.#plots.spread.destroy();
    this.#plots = this.#drawn();
  }

  #drawn(): { value: uPlot; spread: uPlot } {
    const colours = readColours();
    const { time_s, agreed, own, spread } = this.#shown.columns;
    const places = this.#places;
    return {
      value: new uPlot(this.#valueOptions(colours), [time_s, agreed, own], places.value),
      spread: new uPlot(this.#spreadOptions(colours), [time_s, spread], places.spread),
    };
  }

  #valueOptions(colours: Colours): uPlot.Options {
    return {
      ...this.#common(colours, VALUE_HEIGHT_PX, valueRange, format.value),
      series: [
        {},
        { stroke: colours.agreed, width: 2, points: { show: false } },
        { stroke: colours.own, width: 1, points: { show: false } },
      ],
    };
  }

  #spreadOptions(colours: Colours): uPlot.Options {
    return {
      ...this.#common(colours, SPREAD_HEIGHT_PX, spreadRange, format.spread),
      series: [{}, { stroke: colours.spread, fill: colours.spreadFill, width: 1.5, points: { show: false } }],
    };
  }

  #common(
    colours: Colours,
    height: number,
    range: uPlot.Scale.Range,
    words: (number: number) => string,
  ): Omit<uPlot.Options, 'series'> {
    const axis = {
      stroke: colours.muted,
      font: FONT,
      grid: { stroke: colours.grid, width: 1 },
      ticks: { show: false },
    };
    return {
      width: this.#width(),
      height,
      legend: { show: false },
      padding: [8, TIME_LABEL_HALF_PX, 0, 0],
      cursor: { sync: { key: 'history' }, y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: { x: { range: () => [this.#shown.from_s, this.#shown.to_s] }, y: { range } },
      axes: [
        { ...axis, space: 72, size: 28, values: (_plot, ticks) => ticks.map((tick) => format.timeOfDay(tick * 1000)) },
        { ...axis, space: 26, size: AXIS_WIDTH_PX, values: (_plot, ticks) => ticks.map(words) },
      ],
      hooks: {
        drawClear: [(plot) => this.#drawSpans(plot, colours)],
        setCursor: [(plot) => this.#pointed(plot.cursor.idx ?? null)],
      },
    };
  }

  #drawSpans(plot: uPlot, colours: Colours): void {
    const { left, width, top, height } = plot.bbox;
    plot.ctx.fillStyle = colours.whatIf;
    for (const { from_s, to_s } of this.#shown.spans) {
      const start = Math.max(left, plot.valToPos(from_s, 'x', true));
      const end = Math.min(left + width, plot.valToPos(to_s, 'x', true));
      if (end > start) plot.ctx.fillRect(start, top, end - start, height);
    }
  }

  #width(): number {
    return Math.max(200, this.#places.value.clientWidth);
  }

  #resize(): void {
    const width = this.#width();
    const { value, spread } = this.#plots;
    if (value.width === width) return;
    value.setSize({ width, height: VALUE_HEIGHT_PX });
    spread.setSize({ width, height: SPREAD_HEIGHT_PX });
  }
}
