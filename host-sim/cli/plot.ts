/**
 * Draws spread and |bias| over the cycles as an SVG that stands alone. The greys and the two colours are readable on
 * white and on black, and the background is left open, so that one file serves light and dark pages.
 */
import { accessSync, constants, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure, writeReason, UsageError } from '../../tools/cli/errors.ts';
import { grouped, percent } from '../../tools/cli/numbers.ts';
import type { Summary } from '../world/report.ts';
import type { Scenario } from '../world/scenario.ts';
import { facts } from './facts.ts';
import type { Watcher } from './runner.ts';

const WIDTH = 800;
const HEIGHT = 440;
const LEFT = 92;
const RIGHT = WIDTH - 24;
const TOP = 100;
const BOTTOM = HEIGHT - 56;
const TEXT = '#7d8590';
const SPREAD = '#2f81f7';
const BIAS = '#db6d28';
const GRID_LINE = `stroke="${TEXT}" stroke-opacity="0.25"`;
const AXIS_LINE = `stroke="${TEXT}" stroke-opacity="0.7"`;
const AGREED_LINE = `stroke="${TEXT}" stroke-opacity="0.9" stroke-dasharray="5 4"`;
/** Powers of ten, in per cent: below the lowest, agreement is as good as exact. */
const POWER_LOW_MIN = -4;
/** A page shows no more points than this; each then stands for the worst of its cycles. */
const POINTS_MAX = 1000;

export interface Series {
  spreads_pct: number[];
  biases_pct: number[];
}

interface Scales {
  power_low: number;
  power_high: number;
  x(cycle: number): number;
  y(value_pct: number): number;
}

function scales({ spreads_pct, biases_pct }: Series): Scales {
  const seen = [...spreads_pct, ...biases_pct].map(Math.abs).filter((value) => value > 0);
  const largest = seen.reduce((a, b) => Math.max(a, b), 1);
  const smallest = seen.reduce((a, b) => Math.min(a, b), 1);
  const power_high = Math.ceil(Math.log10(largest));
  const power_low = Math.max(POWER_LOW_MIN, Math.min(power_high - 2, Math.floor(Math.log10(smallest))));
  const cycles = Math.max(2, spreads_pct.length);
  return {
    power_low,
    power_high,
    x: (cycle) => LEFT + ((cycle - 1) / (cycles - 1)) * (RIGHT - LEFT),
    y: (value_pct) => {
      const power = Math.max(power_low, Math.log10(Math.max(Math.abs(value_pct), 1e-12)));
      return TOP + ((power_high - power) / (power_high - power_low)) * (BOTTOM - TOP);
    },
  };
}

/** One, two or five times a power of ten, so that about eight marks fit. */
function markStep(cycles: number): number {
  const rough = cycles / 8;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function text(x: number, y: number, anchor: string, content: string, more = ''): string {
  return `<text x="${x}" y="${y.toFixed(1)}" text-anchor="${anchor}"${more}>${escapeXml(content)}</text>`;
}

function line(x1: number, y1: number, x2: number, y2: number, more: string): string {
  const [a, b, c, d] = [x1, y1, x2, y2].map((value) => value.toFixed(1));
  return `<line x1="${a}" y1="${b}" x2="${c}" y2="${d}" ${more}/>`;
}

function axes(s: Scales, cycles: number): string[] {
  const parts: string[] = [];
  for (let power = s.power_low; power <= s.power_high; power++) {
    const y = s.y(10 ** power);
    const style = power === 0 ? AGREED_LINE : GRID_LINE;
    parts.push(
      line(LEFT, y, RIGHT, y, style),
      text(LEFT - 8, y + 4, 'end', `${power < 0 ? (10 ** power).toFixed(-power) : 10 ** power} %`),
    );
  }
  const step = markStep(cycles);
  for (let cycle = step; cycle <= cycles; cycle += step) {
    const x = s.x(cycle);
    parts.push(
      line(x, BOTTOM, x, BOTTOM + 5, AXIS_LINE),
      text(Number(x.toFixed(1)), BOTTOM + 20, 'middle', grouped(cycle)),
    );
  }
  parts.push(line(LEFT, BOTTOM, RIGHT, BOTTOM, AXIS_LINE), text((LEFT + RIGHT) / 2, HEIGHT - 14, 'middle', 'cycle'));
  const middle = (TOP + BOTTOM) / 2;
  parts.push(text(16, middle, 'middle', "of the inputs' spread", ` transform="rotate(-90 16 ${middle})"`));
  return parts;
}

function curve(values: readonly number[], s: Scales, colour: string): string {
  const bucket = Math.ceil(values.length / POINTS_MAX);
  const points: string[] = [];
  for (let first = 0; first < values.length; first += bucket) {
    const worst = values.slice(first, first + bucket).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    points.push(`${s.x(Math.min(first + bucket, values.length)).toFixed(1)},${s.y(worst).toFixed(1)}`);
  }
  return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"/>`;
}

function legend(summary: Summary): string[] {
  const reached = summary.cycles_to_1pct;
  const verdict = reached === null ? 'not within 1 %' : `within 1 % from cycle ${grouped(reached)}`;
  const y = TOP - 18;
  return [
    line(LEFT, y - 4, LEFT + 22, y - 4, `stroke="${SPREAD}" stroke-width="3"`),
    text(LEFT + 28, y, 'start', 'spread of the agreed values'),
    line(LEFT + 226, y - 4, LEFT + 248, y - 4, `stroke="${BIAS}" stroke-width="3"`),
    text(LEFT + 254, y, 'start', '|bias| of their mean'),
    text(RIGHT, y, 'end', verdict),
  ];
}

export function plotSvg(scenario: Scenario, series: Series, summary: Summary): string {
  const s = scales(series);
  const [name, ...rest] = facts(scenario);
  const caption = rest.slice(0, 7).join(', ');
  const alt = `Spread ${percent(summary.spread_pct)} and bias ${percent(summary.bias_pct)} at the end of ${name}`;
  const parts = [
    `<title>${escapeXml(alt)}</title>`,
    text(LEFT, 28, 'start', name, ' font-size="17" font-weight="600"'),
    text(RIGHT, 28, 'end', `firmware ${summary.bundle_sha256.slice(0, 12)}`, ' font-size="11"'),
    text(LEFT, 48, 'start', caption, ' font-size="12"'),
    ...axes(s, series.spreads_pct.length),
    curve(series.biases_pct, s, BIAS),
    curve(series.spreads_pct, s, SPREAD),
    ...legend(summary),
  ];
  const style = `font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="13"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">`,
    `<g ${style} fill="${TEXT}">`,
    ...parts,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

export interface Plotter extends Watcher {
  write(scenario: Scenario, summary: Summary): void;
}

export function createPlotter(file: string): Plotter {
  const series: Series = { spreads_pct: [], biases_pct: [] };
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch (error) {
    throw new UsageError(`--plot ${file}: cannot be written: ${writeReason(error)}`);
  }
  return {
    cycle({ spread_pct, bias_pct }) {
      series.spreads_pct.push(spread_pct);
      series.biases_pct.push(bias_pct);
      return undefined;
    },
    write(scenario, summary) {
      try {
        writeFileSync(file, plotSvg(scenario, series, summary));
      } catch (error) {
        throw new Failure(`--plot ${file}: cannot be written: ${writeReason(error)}`);
      }
    },
  };
}
