/** A log that was taken elsewhere, from a file or a pipe, read as if the board were here. */
import { createReadStream } from 'node:fs';
import { UsageError, systemReason } from '../cli/errors.ts';
import { EXIT_INTERRUPTED, EXIT_OK } from '../cli/exit-codes.ts';
import type { Interpreter } from './interpreter.ts';
import type { MonitorSurroundings } from './surroundings.ts';
import { LineSplitter, type SplitLine } from './text/line-splitter.ts';
import { readLogged } from './view/log-file.ts';
import type { View } from './view/view.ts';

export interface RecordedOptions {
  around: MonitorSurroundings;
  interpreter: Interpreter;
  view: View;
  /** A path, or `-` for what is piped in. */
  input: string;
}

/** @throws UsageError when the file cannot be read */
export async function readRecorded({ around, interpreter, view, input }: RecordedOptions): Promise<number> {
  const splitter = new LineSplitter();
  // A pipe may be live; a file knows when its lines came only where the monitor wrote it.
  const now_ms = (): number | null => (input === '-' ? around.now_ms() : null);
  const show = async (lines: readonly SplitLine[]): Promise<void> => {
    for (const { text, cut } of lines) {
      const logged = readLogged(text);
      if (logged === null) continue;
      await view.show(interpreter.push({ text: logged.text, cut }, logged.at_ms ?? now_ms()));
    }
  };
  const interrupt = new AbortController();
  const interrupted = (): boolean => interrupt.signal.aborted;
  const source = input === '-' ? around.stdin : createReadStream(input);
  const stop = around.onInterrupt(() => {
    interrupt.abort();
    if ('destroy' in source) source.destroy();
  });
  try {
    for await (const chunk of source) {
      if (interrupted()) break;
      await show(splitter.push(typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer)));
    }
  } catch (error) {
    if (!interrupted()) throw new UsageError(`--input ${input} cannot be read: ${systemReason(error)}`);
  } finally {
    stop();
  }
  await show(splitter.flush().map(({ text }) => ({ text, cut: false })));
  return interrupted() ? EXIT_INTERRUPTED : EXIT_OK;
}
