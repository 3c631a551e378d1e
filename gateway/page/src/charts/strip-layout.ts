/**
 * Where each contribution stands on a strip: left to right by value, stacked where they would cover each other. The strip
 * shows the guard's band and some room around it; what lies further out stands at the edge, or one liar would squeeze
 * everyone else into a point.
 */
import type { Contribution, KeyView, Verdict } from '../../../view.ts';

export const DOT_PX = 11;
/** Rows of dots on one spot; more share the last one. */
const ROWS_MAX = 7;
/** In rejection limits: room for those that the guard leaves out. */
const SHOWN_REJECTS = 1.6;

export interface Dot {
  peer: string;
  value: number;
  verdict: Verdict;
  own: boolean;
  x: number;
  /** 0 is the lowest. */
  row: number;
  /** Which edge it was moved to. */
  beyond: 'left' | 'right' | null;
}

export interface Zone {
  kind: 'inside' | 'clamped';
  x: number;
  width: number;
}

export interface StripLayout {
  low: number;
  high: number;
  dots: Dot[];
  zones: Zone[];
  /** Null where there is none, or it is beyond an edge. */
  agreed: number | null;
  rows: number;
}

type StripKey = Pick<KeyView, 'agreed' | 'band' | 'contributions'>;

function domainOf({ agreed, band, contributions }: StripKey): { low: number; high: number } {
  if (band !== null) {
    const half = Math.max(band.reject * SHOWN_REJECTS, Math.abs(band.middle) * 1e-6, 1e-6);
    return { low: band.middle - half, high: band.middle + half };
  }
  const values = contributions.map((one) => one.value);
  if (agreed !== null) values.push(agreed);
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (values.length === 0) return { low: 0, high: 1 };
  const room = Math.max((high - low) * 0.1, Math.abs(high) * 1e-3, 1e-6);
  return { low: low - room, high: high + room };
}

function byValue(one: Contribution, other: Contribution): number {
  return one.value - other.value || (one.peer < other.peer ? -1 : 1);
}

/** @param width_px of the strip, without what stands around it */
export function layOut(key: StripKey, width_px: number): StripLayout {
  const { low, high } = domainOf(key);
  const xOf = (value: number): number => ((value - low) / (high - low)) * width_px;
  const within = (x: number): number => Math.min(width_px, Math.max(0, x));
  const lastX: number[] = [];
  const dots = [...key.contributions].sort(byValue).map((one): Dot => {
    const exact = xOf(one.value);
    const x = Math.min(width_px - DOT_PX / 2, Math.max(DOT_PX / 2, exact));
    const free = lastX.findIndex((last) => x - last >= DOT_PX);
    const row = Math.min(free === -1 ? lastX.length : free, ROWS_MAX - 1);
    lastX[row] = x;
    const beyond = exact < 0 ? 'left' : exact > width_px ? 'right' : null;
    return { peer: one.peer, value: one.value, verdict: one.verdict, own: one.peer === 'own', x, row, beyond };
  });
  const zone = (kind: Zone['kind'], half: number): Zone => {
    const x = within(xOf((key.band?.middle ?? 0) - half));
    return { kind, x, width: within(xOf((key.band?.middle ?? 0) + half)) - x };
  };
  const agreed = key.agreed === null ? null : xOf(key.agreed);
  return {
    low,
    high,
    dots,
    zones: key.band === null ? [] : [zone('clamped', key.band.reject), zone('inside', key.band.cap)],
    agreed: agreed === null || agreed < 0 || agreed > width_px ? null : agreed,
    rows: Math.max(1, lastX.length),
  };
}
