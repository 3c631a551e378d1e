/** The node's status line with its values under each other: `cycle   120   peers  7   power full   room1/temp 61.5312`. */
import { grouped } from '../../cli/numbers.ts';

const GAP = '   ';

function words(name: string, value: string): readonly [string, string] {
  if (name === 'low') return ['power', value === '1' ? 'low' : 'full'];
  if (name === 'cycle') return [name, grouped(Number(value))];
  return [name, value === 'none' ? '-' : value];
}

export class StatusColumns {
  /** The widest value so far, by name. */
  readonly #widths = new Map<string, number>();

  align(fields: Readonly<Record<string, string>>): string {
    return Object.entries(fields)
      .map(([field, text]) => {
        const [name, value] = words(field, text);
        const width = Math.max(this.#widths.get(name) ?? 0, value.length);
        this.#widths.set(name, width);
        return `${name} ${value.padStart(width)}`;
      })
      .join(GAP);
  }
}
