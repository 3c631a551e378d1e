/** Numbers as people read them. */

/** 1234567 as 1,234,567; at most `decimals` places. */
export function grouped(value: number, decimals = 0): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: decimals });
}

/** Three significant digits without an exponent, and never more than six places: 12.3, 0.0012, 1,230. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return String(value);
  if (size >= 100) return grouped(value);
  if (size === 0) return '0';
  const places = Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(size))));
  const text = grouped(value, places);
  return text === '-0' ? '0' : text;
}

/** `12.3 %`, with a sign where it matters. */
export function percent(value: number, signed = false): string {
  const text = short(value);
  return `${signed && value > 0 && text !== '0' ? '+' : ''}${text} %`;
}

/** A duration as 850 ms, 12.3 s or 4 min 05 s. */
export function duration(ms: number): string {
  if (ms < 1000) return `${ms.toFixed(0)} ms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
