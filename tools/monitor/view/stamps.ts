/** When a line came, as the user wants it before each. */

export const STAMPS = ['none', 'relative', 'time'] as const;
export type Stamps = (typeof STAMPS)[number];

const two = (value: number): string => String(value).padStart(2, '0');

/** 14:05:09.123, in the user's own time. */
function timeOfDay(at: Date): string {
  const ms = String(at.getMilliseconds()).padStart(3, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
}

/** Seconds since the monitor began, in a column that holds a day. */
function since(ms: number): string {
  return `+${(ms / 1000).toFixed(3)}`.padStart(10);
}

/**
 * @param at when it came
 * @param elapsed_ms since the monitor began
 */
export function stamp(stamps: Stamps, at: Date, elapsed_ms: number): string {
  if (stamps === 'none') return '';
  return stamps === 'time' ? timeOfDay(at) : since(elapsed_ms);
}
