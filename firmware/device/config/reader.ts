/**
 * Settings by name, from layers: the first layer that has a name gives its value. On a device these are NVS, written by
 * the provisioning tool, then `mc/config`, which the build made from the manifest and `name=value` on its command line.
 * NVS names are at most 15 characters long, so all names here are.
 */

import { shown } from './fields.ts';

/** The value under a name, or undefined. */
export type Lookup = (name: string) => unknown;

/** Numbers from a command line come as text. */
function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
}

export class SettingsReader {
  readonly #layers: readonly Lookup[];

  constructor(layers: readonly Lookup[]) {
    this.#layers = layers;
  }

  find(name: string): unknown {
    for (const lookup of this.#layers) {
      const value = lookup(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  text(name: string, fallback: string): string {
    const value = this.find(name);
    if (value === undefined) return fallback;
    if (typeof value === 'string') return value;
    throw new RangeError(`${name} must be a text`);
  }

  /** @throws RangeError when it is not a whole number from `low` to `high` */
  whole(name: string, fallback: number, low: number, high: number): number {
    const value = this.find(name);
    if (value === undefined) return fallback;
    const number = toNumber(value);
    if (Number.isInteger(number) && number >= low && number <= high) return number;
    throw new RangeError(`${name} is ${shown(value)}; it must be a whole number from ${low} to ${high}`);
  }

  /** The index of the word in `words`. */
  choice(name: string, fallback: number, words: readonly string[]): number {
    const value = this.find(name);
    if (value === undefined) return fallback;
    const index = typeof value === 'string' ? words.indexOf(value) : -1;
    if (index >= 0) return index;
    throw new RangeError(`${name} is ${shown(value)}; it must be one of ${words.join(', ')}`);
  }

  /** `prefix0`, `prefix1` and so on as JSON (NVS holds 4,000 bytes a text), or else the list under `name`. */
  list(name: string, prefix: string, most: number): unknown[] {
    const found: unknown[] = [];
    for (let i = 0; i < most; i++) {
      const value = this.find(`${prefix}${i}`);
      if (value === undefined) break;
      found.push(fromJson(`${prefix}${i}`, value));
    }
    if (found.length > 0) return found;
    const value = fromJson(name, this.find(name) ?? []);
    if (Array.isArray(value)) return value;
    throw new RangeError(`${name} must be a list`);
  }
}

function fromJson(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new RangeError(`${name} is not JSON: ${value.slice(0, 40)}`);
  }
}
