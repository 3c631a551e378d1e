/** Draws the strip of contributions. Shapes tell the verdicts apart as well as colours do. */
import type { KeyView, Verdict } from '../../../view.ts';
import { svg } from '../dom.ts';
import * as format from '../format.ts';
import { type Dot, DOT_PX, layOut } from './strip-layout.ts';

const TOP_PX = 26;
const AXIS_PX = 26;
const TICKS = 5;

function shapeOf(verdict: Verdict, x: number, y: number): SVGElement {
  const r = DOT_PX / 2 - 1;
  if (verdict === 'clamped') return svg('path', { d: `M${x} ${y - r - 0.5}l${r + 1} ${2 * r}h${-2 * (r + 1)}z` });
  if (verdict === 'left-out') {
    return svg('path', {
      d: `M${x - r + 0.5} ${y - r + 0.5}l${2 * r - 1} ${2 * r - 1}m0 ${1 - 2 * r}l${1 - 2 * r} ${2 * r - 1}`,
    });
  }
  return svg('circle', { cx: String(x), cy: String(y), r: String(r) });
}

/** A shape alone, for the legend. */
export function legendShape(verdict: Verdict): SVGElement {
  const shape = svg('g', { class: `dot ${verdict}` }, shapeOf(verdict, 7, 7));
  return svg('svg', { width: '14', height: '14', 'aria-hidden': 'true' }, shape);
}

function dotOf(dot: Dot, ground: number, unit: string): SVGElement {
  const y = ground - DOT_PX / 2 - 2 - dot.row * DOT_PX;
  const title = svg(
    'title',
    {},
    `${dot.own ? 'this node' : dot.peer}: ${format.withUnit(format.value(dot.value), unit)}`,
  );
  const group = svg('g', { class: `dot ${dot.verdict}${dot.own ? ' own' : ''}` }, title);
  if (dot.own)
    group.append(svg('circle', { class: 'ring', cx: String(dot.x), cy: String(y), r: String(DOT_PX / 2 + 2) }));
  group.append(shapeOf(dot.verdict, dot.x, y));
  if (dot.beyond !== null) {
    // A small arrow on the inner side says that the place is not the value's.
    const way = dot.beyond === 'left' ? -1 : 1;
    group.append(svg('path', { class: 'beyond', d: `M${dot.x - way * 13} ${y - 3.5}l${way * 4} 3.5l${way * -4} 3.5` }));
  }
  return group;
}

/** @param width_px the whole drawing's */
export function drawStrip(key: KeyView, width_px: number): { height_px: number; elements: SVGElement[] } {
  const layout = layOut(key, width_px);
  const ground = TOP_PX + layout.rows * DOT_PX + 10;
  const drawn: SVGElement[] = [
    svg('rect', { class: 'zone outside', x: '0', y: '0', width: String(width_px), height: String(ground) }),
    ...layout.zones.map(({ kind, x, width }) =>
      svg('rect', { class: `zone ${kind}`, x: String(x), y: '0', width: String(width), height: String(ground) }),
    ),
  ];
  if (layout.agreed !== null) {
    const x = layout.agreed;
    const anchor = x < 60 ? 'start' : x > width_px - 60 ? 'end' : 'middle';
    drawn.push(
      svg('path', { class: 'agreed-line', d: `M${x} 20V${ground}` }),
      svg(
        'text',
        { class: 'agreed-text', x: String(x), y: '14', 'text-anchor': anchor },
        `agreed ${format.value(key.agreed)}`,
      ),
    );
  }
  for (const dot of layout.dots) drawn.push(dotOf(dot, ground, key.unit));
  for (let i = 0; i < TICKS; i++) {
    const share = (i + 0.5) / TICKS;
    const text = format.value(layout.low + (layout.high - layout.low) * share);
    const place = { class: 'tick', x: String(width_px * share), y: String(ground + 17), 'text-anchor': 'middle' };
    drawn.push(svg('text', place, text));
  }
  return { height_px: ground + AXIS_PX, elements: drawn };
}
