/** From what the user wrote to a source that gives readings. */
import { resolve } from 'node:path';
import { commandSource } from './command.ts';
import { fileSource } from './file.ts';
import type { LineInput } from './lines.ts';
import { constant, walk } from './made-up.ts';
import type { SensorSpec } from './parse.ts';
import type { Source } from './source.ts';

const COMMAND_MAX_MS = 5000;

export function openSource({ key, source, every_ms }: SensorSpec, cwd: string, lines: LineInput): Source {
  switch (source.kind) {
    case 'constant':
      return constant(source.value);
    case 'walk':
      return walk(source.start, source.step, Math.random);
    case 'file':
      return fileSource(resolve(cwd, source.path));
    case 'cmd':
      return commandSource(source.command, Math.min(every_ms, COMMAND_MAX_MS));
    case 'stdin':
      return lines.source(key);
  }
}
