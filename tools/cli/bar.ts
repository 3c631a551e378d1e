/** A line that fills up. */
import type { Colours } from './colour.ts';

/** Narrower says nothing. */
const WIDTH_MIN = 8;

/** `share` is 0 to 1; empty where there is no room. */
export function bar(share: number, width: number, colours: Colours): string {
  if (width < WIDTH_MIN) return '';
  const done = Math.round(Math.min(1, Math.max(0, share)) * width);
  return `${colours.cyan('━'.repeat(done))}${colours.dim('─'.repeat(width - done))}`;
}
