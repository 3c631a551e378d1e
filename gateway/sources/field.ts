/** Finds a value in a JSON text by a path such as `temperature`, `ENERGY.Power`, `sensors[0].value` or `$.a["b c"]`. */

const STEP = /\.?([^.[\]"$]+)|\[(\d+)\]|\["([^"]*)"\]/y;

export type FieldPath = readonly (string | number)[];

/** Null when the text is no path. */
export function parseField(text: string): FieldPath | null {
  const steps: (string | number)[] = [];
  STEP.lastIndex = text.startsWith('$') ? 1 : 0;
  while (STEP.lastIndex < text.length) {
    const match = STEP.exec(text);
    if (match === null) return null;
    const [, name, index, quoted] = match as (string | undefined)[];
    steps.push(index === undefined ? (name ?? quoted ?? '') : Number(index));
  }
  return steps.length === 0 ? null : steps;
}

/** What is wrong with it as a path; '' when nothing is. */
export function fieldProblem(text: string): string {
  if (parseField(text) !== null) return '';
  return `"${text}" is no path into JSON; write names with dots between, and places of a list in brackets: ENERGY.Power, sensors[0].value, $["two words"]`;
}

export type Field =
  | { kind: 'value'; value: unknown }
  /** It is JSON, and has no such field. */
  | { kind: 'missing' }
  | { kind: 'none'; why: string };

/** What lies at the path of a JSON text. */
export function fieldIn(text: string, path: FieldPath): Field {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'none', why: 'it is no JSON' };
  }
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return { kind: 'missing' };
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return { kind: 'value', value };
}
