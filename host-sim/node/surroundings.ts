/** What the node finds around it, as an argument: tests give their own. */
import { writeSync } from 'node:fs';
import process from 'node:process';
import { EXIT_INTERRUPTED } from '../../tools/cli/exit-codes.ts';
import { realSurroundings, type Surroundings } from '../../tools/cli/surroundings.ts';

export interface NodeSurroundings extends Surroundings {
  stdin: NodeJS.ReadableStream;
  /** Calls back at SIGTERM. Returns how to stop listening. */
  onTerminate: (callback: () => void) => () => void;
  /** Calls back at SIGHUP, which asks to read the settings again; not on Windows. */
  onHangup: (callback: () => void) => () => void;
  /** False when the window that stdout was has been closed: that sends SIGHUP as well. */
  hasTerminal: () => boolean;
}

function onSignal(signal: 'SIGTERM' | 'SIGHUP'): (callback: () => void) => () => void {
  return (callback) => {
    process.on(signal, callback);
    return () => process.off(signal, callback);
  };
}

/** npm passes Ctrl-C on to a program that the terminal has told already: so soon a second one is no impatience. */
const ECHO_MS = 1000;

/** Calls back at the first Ctrl-C; one that comes later, while things take long to end, ends the process at once. */
function onInterrupt(callback: () => void): () => void {
  let first_ms: number | null = null;
  const listener = (): void => {
    const now_ms = performance.now();
    if (first_ms !== null && now_ms - first_ms > ECHO_MS) process.exit(EXIT_INTERRUPTED);
    if (first_ms !== null) return;
    first_ms = now_ms;
    callback();
  };
  process.on('SIGINT', listener);
  return () => process.off('SIGINT', listener);
}

const RESET_COLOURS = '\u001b[0m';

export function nodeSurroundings(): NodeSurroundings {
  return {
    ...realSurroundings(),
    onInterrupt,
    stdin: process.stdin,
    onTerminate: onSignal('SIGTERM'),
    onHangup: onSignal('SIGHUP'),
    hasTerminal: () => {
      try {
        writeSync(process.stdout.fd, RESET_COLOURS);
        return true;
      } catch {
        return false;
      }
    },
  };
}
