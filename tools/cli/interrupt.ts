/** Ctrl-C for programs that take a while to end in order. */
import process from 'node:process';
import { EXIT_INTERRUPTED } from './exit-codes.ts';

/** npm passes Ctrl-C on to a program that the terminal has told already: so soon a second one is no impatience. */
const ECHO_MS = 1000;

/** Calls back at the first Ctrl-C; one that comes later, while things take long to end, ends the process at once. */
export function onInterrupt(callback: () => void): () => void {
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
