/** Finds the name that someone most likely meant. */

/** Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    before = row;
    row = next;
  }
  return row[b.length];
}

/** The known name nearest to `word`, or '' when none is near: more than 40 % of the letters differ. */
export function nearest(word: string, known: Iterable<string>): string {
  let best = '';
  let least = Infinity;
  for (const name of known) {
    const d = distance(word.toLowerCase(), name.toLowerCase());
    if (d < least && d <= 0.4 * Math.max(word.length, name.length)) {
      least = d;
      best = name;
    }
  }
  return best;
}

/** ` (did you mean "name"?)`, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const name = nearest(word, known);
  return name === '' ? '' : `; did you mean "${name}"?`;
}
