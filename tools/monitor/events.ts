/** What the monitor has to tell, in the order in which it happened: one renderer shows it to people, another as JSON. */

/** E error, W warning, I information; '' where the line says none. */
export type Level = 'E' | 'W' | 'I' | '';

/** Who speaks: the node's own lines, ESP-IDF, XS through its debugger's protocol, or nobody known. */
export type Speaker = 'node' | 'idf' | 'xs' | 'chip';

export interface LineEvent {
  type: 'line';
  level: Level;
  speaker: Speaker;
  /** The node's name for what happened, or ESP-IDF's tag; '' where there is none. */
  name: string;
  /** In words for people; places of the bundle are already those of the TypeScript. */
  text: string;
  /** As it came, without colours. */
  raw: string;
  /** `name=value` of a line of the node. */
  fields: Readonly<Record<string, string>>;
  /** The line was not finished when the chip started anew or fell silent. */
  cut: boolean;
}

/** What a line means, what it likely comes from, and what to do. */
export interface ExplanationEvent {
  type: 'explanation';
  /** Stays the same between versions. */
  id: string;
  level: 'E' | 'W' | 'I';
  title: string;
  cause: string;
  next: readonly string[];
  /** How often it was met so far; it is spelt out the first time. */
  times: number;
}

/** A frame of a stack, as XS prints them, with its place in the TypeScript. */
export interface FrameEvent {
  type: 'frame';
  /** As the TypeScript has it, with its class: `Device.#wake`. */
  function: string;
  /** From the root of the project; '' where the bundle does not say. */
  file: string;
  line: number;
  column: number;
  /** `line`: of the statement that ran. `function`: only its name is known, so where it begins. `none`: not ours. */
  known: 'line' | 'function' | 'none';
  /** Other functions of this name, as `file:line:column`, where only the name is known. */
  others: readonly string[];
  raw: string;
}

/** Of the monitor itself: the port came and went, which source map was read. */
export interface NoticeEvent {
  type: 'notice';
  level: 'W' | 'I';
  text: string;
}

export type MonitorEvent = LineEvent | ExplanationEvent | FrameEvent | NoticeEvent;

export function notice(level: 'W' | 'I', text: string): NoticeEvent {
  return { type: 'notice', level, text };
}
