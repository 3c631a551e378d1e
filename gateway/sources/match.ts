/** Finds a number in a line by a regular expression: its group `value`, or else its first group, or else the whole. */

/** Undefined when the text is no regular expression. */
export function compileMatch(text: string): RegExp | undefined {
  try {
    return new RegExp(text, 'u');
  } catch {
    return undefined;
  }
}

/** What is wrong with it; '' when nothing is. */
export function matchProblem(text: string): string {
  if (compileMatch(text) !== undefined) return '';
  return `"${text}" is no regular expression; put brackets around the number, such as T=([\\d.]+)`;
}

/** The text of the number; undefined when the line does not match. */
export function matchIn(line: string, pattern: RegExp): string | undefined {
  const found = pattern.exec(line);
  if (found === null) return undefined;
  return found.groups?.value ?? (found as (string | undefined)[])[1] ?? found[0];
}
