/** The conversation with a board, byte by byte, in a file to send in with a bug report. */
import { closeSync, openSync, writeSync } from 'node:fs';
import process from 'node:process';
import { UsageError, writeReason } from '../cli/errors.ts';

export interface Trace {
  /** Takes lines of one port. */
  of: (port: string) => (line: string) => void;
  close: () => void;
}

/** @throws UsageError when the file cannot be written */
export function openTrace(path: string, words: readonly string[], now_ms: () => number): Trace {
  let file: number;
  try {
    file = openSync(path, 'w');
  } catch (error) {
    throw new UsageError(`--trace ${path}: ${writeReason(error)}`);
  }
  const start_ms = now_ms();
  const { platform, arch, versions } = process;
  writeSync(file, `lvs-node flash ${words.join(' ')}\nNode.js ${versions.node} on ${platform}-${arch}\n`);
  return {
    of: (port) => (line) => {
      const seconds = ((now_ms() - start_ms) / 1000).toFixed(3);
      writeSync(file, `${seconds} ${port} ${line.trimEnd()}\n`);
    },
    close: () => closeSync(file),
  };
}
