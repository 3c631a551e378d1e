/** Topics and filters (mqtt-v5.0, 4.7). */

/** Longest topic in bytes of UTF-8: a two-byte length stands before it. */
const TOPIC_MAX_BYTES = 65_535;

/** Characters that a level of a topic must not hold, and `%`, by which they are written. */
const ODD = /[%+#\p{Cc}]/gu;

/** A name as one or more levels of a topic: `room1/temp` stays as it is. */
export function topicPath(name: string): string {
  const escaped = name.replace(ODD, (odd) => `%${odd.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return escaped
    .split('/')
    .map((level) => (level === '' ? '%' : level))
    .join('/');
}

/** The same as a single level. */
export function topicLevel(name: string): string {
  return topicPath(name).replaceAll('/', '%2f');
}

/** Why this cannot be subscribed to, '' when it can. */
export function filterProblem(filter: string): string {
  if (filter === '') return 'is empty';
  if (Buffer.byteLength(filter) > TOPIC_MAX_BYTES) return 'is longer than 65,535 bytes';
  if (filter.includes('\u0000')) return 'holds a character of value 0';
  const levels = filter.split('/');
  for (const [index, level] of levels.entries()) {
    if (level.includes('#') && (level !== '#' || index !== levels.length - 1))
      return 'has a # that is not its last level';
    if (level.includes('+') && level !== '+') return 'has a + that is not a whole level';
  }
  return '';
}

/** Whether a topic falls under a filter. A wildcard does not reach what begins with `$` (4.7.2). */
export function matches(filter: string, topic: string): boolean {
  if (filter === topic) return true;
  if (topic.startsWith('$') && !filter.startsWith('$')) return false;
  const wanted = filter.split('/');
  const levels = topic.split('/');
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return true;
    if (index >= levels.length || (level !== '+' && level !== levels[index])) return false;
  }
  return wanted.length === levels.length;
}
