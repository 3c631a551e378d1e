/** Events as people read them: a line each, explanations as a block beside a bar. */
import type { Colours } from '../../cli/colour.ts';
import type { ExplanationEvent, FrameEvent, Level, LineEvent, MonitorEvent } from '../events.ts';

/** Names of the node's lines in a column of their own; `low-power-entered` is the longest but two. */
const NAME_WIDTH = 15;
const WIDTH_MIN = 40;

export interface TextOptions {
  colours: Colours;
  /** Columns of the terminal; undefined where there is none: nothing is wrapped then. */
  columns: number | undefined;
}

/** A word, or a command in backticks as a whole. */
const UNBROKEN = /(?:[^\s`]|`[^`]*`)+/g;

/** Breaks at blanks, never within a word or a command: both have to stay whole to be copied. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const [word] of text.matchAll(UNBROKEN)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function colourOf(level: Level, colours: Colours): (text: string) => string {
  if (level === 'E') return colours.red;
  if (level === 'W') return colours.yellow;
  return (text) => text;
}

function lineText({ level, speaker, name, text, cut }: LineEvent, colours: Colours): string {
  const end = cut ? colours.dim(' ⟨cut off⟩') : '';
  if (speaker === 'chip' || speaker === 'xs') {
    return level === 'E' ? `${colours.red(text)}${end}` : `${colours.dim(text)}${end}`;
  }
  const head = speaker === 'node' ? name.padEnd(NAME_WIDTH) : `${name}:`;
  return `${colourOf(level, colours)(`${level} ${head} ${text}`.trimEnd())}${end}`;
}

function frameText(frame: FrameEvent, colours: Colours): string {
  const { known, file, line, column, others, raw } = frame;
  if (known === 'none') return `    ${colours.dim(raw)}`;
  const where = [`${file}:${line}:${column}`, ...others].map(colours.cyan).join(' or ');
  const note = known === 'function' ? colours.dim(' its beginning') : '';
  return `    at ${colours.bold(frame.function)} (${where})${note}`;
}

function ordinal(times: number): string {
  return times === 2 ? 'the 2nd time' : `the ${times}th time`;
}

function explanationText(event: ExplanationEvent, { colours, columns }: TextOptions): string[] {
  const colour = event.level === 'I' ? colours.cyan : colourOf(event.level, colours);
  const bar = colour('│');
  if (event.times > 1)
    return [`${bar} ${colour(event.title)} ${colours.dim(`(${ordinal(event.times)}; explained above)`)}`];
  const width = columns === undefined ? Infinity : Math.max(WIDTH_MIN, columns - 6);
  const block = (text: string, first: string): string[] =>
    wrap(text, width).map((line, index) => `${bar} ${index === 0 ? first : '  '}${line}`);
  return [
    ...wrap(event.title, width).map((line) => `${bar} ${colours.bold(colour(line))}`),
    ...block(event.cause, '  '),
    ...event.next.flatMap((step) => block(step, '→ ')),
  ];
}

/** The lines of an event, without time and line end. */
export function textLines(event: MonitorEvent, options: TextOptions): string[] {
  const { colours } = options;
  switch (event.type) {
    case 'line':
      return [lineText(event, colours)];
    case 'frame':
      return [frameText(event, colours)];
    case 'explanation':
      return explanationText(event, options);
    case 'notice':
      return [`${event.level === 'W' ? colours.yellow('!') : colours.dim('·')} ${colours.dim(event.text)}`];
  }
}
