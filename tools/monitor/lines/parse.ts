/** One line as what it is: the node's own, ESP-IDF's log, or anything else. */
import type { Level, Speaker } from '../events.ts';

export interface ParsedLine {
  speaker: Speaker;
  level: Level;
  /** The node's name for it, or ESP-IDF's tag; '' for neither. */
  name: string;
  /** What follows level and name. */
  rest: string;
  fields: Record<string, string>;
}

/** firmware/device/log/log.ts */
const NODE_LINE = /^lvs ([EWI]) ([a-z][a-z-]*)(?: (.*))?$/;

/** ESP-IDF's esp_log: level, milliseconds or time of day, tag. Debug and verbose count as information. */
const IDF_LINE = /^([EWIDV]) \((\d+|\d\d:\d\d:\d\d\.\d{3})\) ([^:]+): ?(.*)$/;

/** `name=value`, where the value may stand in quotes; names of keys have slashes, dots and hyphens. */
const FIELD = /([^\s="]+)=(?:"([^"]*)"?|(\S*))/g;

export function fieldsOf(rest: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const match of rest.matchAll(FIELD)) {
    const [, name, quoted, bare] = match as (string | undefined)[];
    fields[name ?? ''] = quoted ?? bare ?? '';
  }
  return fields;
}

export function parseLine(text: string): ParsedLine {
  const node = NODE_LINE.exec(text);
  if (node !== null) {
    const [, level, name] = node;
    const rest = (node[3] as string | undefined) ?? '';
    return { speaker: 'node', level: level as Level, name, rest, fields: fieldsOf(rest) };
  }
  const idf = IDF_LINE.exec(text);
  if (idf !== null) {
    const [, letter, , name, rest] = idf;
    return { speaker: 'idf', level: letter === 'E' || letter === 'W' ? letter : 'I', name, rest, fields: {} };
  }
  return { speaker: 'chip', level: '', name: '', rest: text, fields: {} };
}
