/** Fields of an object that came as JSON: each is checked where it is read, and named when it is wrong. */

/** What was given, for an error's text. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'no plain value';
}

export function numberField(where: string, value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new RangeError(`${where} is ${shown(value)}; it must be a number`);
}

export function textField(where: string, value: unknown, fallback: string): string {
  if (value === undefined) return fallback;
  if (typeof value === 'string') return value;
  throw new RangeError(`${where} is ${shown(value)}; it must be a text`);
}

export function flagField(where: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value === 'boolean') return value;
  throw new RangeError(`${where} is ${shown(value)}; it must be true or false`);
}

export function wordField(where: string, value: unknown, words: readonly string[]): number {
  const index = value === undefined ? 0 : typeof value === 'string' ? words.indexOf(value) : -1;
  if (index >= 0) return index;
  throw new RangeError(`${where} is ${shown(value)}; it must be one of ${words.join(', ')}`);
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
