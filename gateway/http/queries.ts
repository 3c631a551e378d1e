/** Reads what a request asks for, and says what is allowed where it cannot be used. */
import { Problem } from './problem.ts';

const RANGE_MS = 15 * 60_000;
const POINTS = 720;
export const POINTS_MAX = 20_000;
/** The end of what a Date can say. */
const TIME_MS_MAX = 8.64e15;
export const WHAT_IF_S_MAX = 600;

export interface HistoryQuery {
  from_ms: number;
  to_ms: number;
  points: number;
}

export interface WhatIfQuery {
  loss: number;
  seconds: number;
}

function refused(what: string, allowed: string): Problem {
  return new Problem(400, { what, allowed, next: 'mend it and send it again; docs/page.md has the schema' });
}

function wholeNumber(query: URLSearchParams, name: string, usual: number, least: number, most: number): number {
  const text = query.get(name);
  if (text === null) return usual;
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= least && number <= most) return number;
  throw refused(`${name} is "${text.slice(0, 40)}"`, `a whole number from ${least} to ${most}`);
}

/** @throws Problem 400 */
export function historyQuery(query: URLSearchParams, now_ms: number): HistoryQuery {
  const to_ms = wholeNumber(query, 'to', now_ms, 0, TIME_MS_MAX);
  const from_ms = wholeNumber(query, 'from', Math.max(0, to_ms - RANGE_MS), 0, TIME_MS_MAX);
  const points = wholeNumber(query, 'points', POINTS, 1, POINTS_MAX);
  if (from_ms >= to_ms)
    throw refused(`from ${from_ms} is not before to ${to_ms}`, 'milliseconds since 1970, from < to');
  return { from_ms, to_ms, points };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const WHAT_IF_SHAPE = `{"loss": 0 to 1, "seconds": 1 to ${WHAT_IF_S_MAX}}`;

/** @throws Problem 400 */
export function whatIfQuery(body: unknown): WhatIfQuery {
  if (!isRecord(body)) throw refused('the body is no object', WHAT_IF_SHAPE);
  const other = Object.keys(body).find((name) => name !== 'loss' && name !== 'seconds');
  if (other !== undefined)
    throw refused(`the body has a field "${other.slice(0, 40)}" that there is not`, WHAT_IF_SHAPE);
  return {
    loss: numberIn(body, 'loss', 0, 1),
    seconds: numberIn(body, 'seconds', 1, WHAT_IF_S_MAX),
  };
}

function numberIn(body: Record<string, unknown>, name: string, least: number, most: number): number {
  const value = body[name];
  if (typeof value === 'number' && value >= least && value <= most) return value;
  const given = value === undefined ? 'is missing' : `is ${JSON.stringify(value).slice(0, 40)}`;
  throw refused(`${name} ${given}`, `a number from ${least} to ${most}`);
}
