/** The window in which a command runs, and what is left to do when it was closed. */
import { writeSync } from 'node:fs';
import process from 'node:process';

const RESET_COLOURS = '\u001b[0m';

let gone = false;

/** Looks whether the terminal behind stdout was closed: that sends SIGHUP, which may also mean other things. */
export function isTerminalClosed(): boolean {
  if (!process.stdout.isTTY) return false;
  try {
    writeSync(process.stdout.fd, RESET_COLOURS);
  } catch {
    gone = true;
  }
  return gone;
}

/** Ends the process as a command ends, with `process.exitCode`. */
export function endProcess(): void {
  // Node.js 20 sets the terminal back when it exits and aborts when there is none any more (node::ResetStdio).
  if (isTerminalClosed()) process.kill(process.pid, 'SIGKILL');
  process.exit();
}
