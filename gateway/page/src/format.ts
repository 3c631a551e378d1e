/** Numbers and times as people read them. Texts are English, so numbers are written the English way too. */

const NONE = '–';

const formats = new Map<string, Intl.NumberFormat>();

function format(least: number, most: number): Intl.NumberFormat {
  const name = `${least}-${most}`;
  let found = formats.get(name);
  if (found === undefined) {
    found = new Intl.NumberFormat('en', { minimumFractionDigits: least, maximumFractionDigits: most });
    formats.set(name, found);
  }
  return found;
}

/** As many decimals as make four or five figures, so that a column of one key's values lines up. */
function decimalsOf(size: number): number {
  if (size >= 10_000) return 0;
  if (size >= 100) return 1;
  return size >= 1 ? 2 : 3;
}

export function value(number: number | null): string {
  if (number === null) return NONE;
  const decimals = decimalsOf(Math.abs(number));
  return format(decimals, decimals).format(number);
}

/** Two figures that count: a spread is a size, not a place. */
export function spread(number: number | null): string {
  if (number === null) return NONE;
  if (number === 0) return '0';
  const decimals = Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(Math.abs(number)))));
  return format(0, decimals).format(number);
}

export function withUnit(text: string, unit: string): string {
  return unit === '' || text === NONE ? text : `${text}\u00a0${unit}`;
}

export function count(number: number): string {
  return format(0, 0).format(number);
}

export function percent(share: number): string {
  return `${format(0, 0).format(share * 100)}\u00a0%`;
}

/** Bytes of 1,000, as network rates are told. */
export function bytes(number: number): string {
  if (number < 1000) return `${count(number)}\u00a0B`;
  if (number < 1e6) return `${format(1, 1).format(number / 1e3)}\u00a0kB`;
  return `${format(1, 1).format(number / 1e6)}\u00a0MB`;
}

/** How long: `4 s`, `12 min`, `3 h`, `2 d`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${count(Math.max(0, seconds))}\u00a0s`;
  if (seconds < 5400) return `${count(seconds / 60)}\u00a0min`;
  if (seconds < 172_800) return `${count(seconds / 3600)}\u00a0h`;
  return `${count(seconds / 86_400)}\u00a0d`;
}

/** What is left, as a clock shows it: `0:43`. */
export function countdown(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const clockWithSeconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export function timeOfDay(time_ms: number): string {
  return clock.format(time_ms);
}

export function exactTime(time_ms: number): string {
  return clockWithSeconds.format(time_ms);
}
