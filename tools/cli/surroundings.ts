/** What a command finds around it, as an argument: tests give their own. */
import process from 'node:process';
import type { Environment } from './colour.ts';
import { EXIT_INTERRUPTED } from './exit-codes.ts';
import { projectRoot } from './project-root.ts';

export type Output = NodeJS.WritableStream & { isTTY?: boolean; columns?: number; rows?: number };

export interface Surroundings {
  stdout: Output;
  stderr: Output;
  env: Environment;
  cwd: string;
  /** Milliseconds since any moment. */
  now_ms: () => number;
  /** Calls back at the first Ctrl-C; a second one ends the process at once. Returns how to stop listening. */
  onInterrupt: (callback: () => void) => () => void;
}

/** npm runs scripts in the project's folder, and tells in which one the user was: names of files mean that one. */
function workingFolder(): string {
  const cwd = process.cwd();
  const { INIT_CWD = cwd } = process.env;
  return cwd === projectRoot() ? INIT_CWD : cwd;
}

export function realSurroundings(): Surroundings {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: workingFolder(),
    now_ms: () => performance.now(),
    onInterrupt: (callback) => {
      let pressed = false;
      // Stays listening until told otherwise: what restores the cursor ends the process when it is alone to listen.
      const listener = (): void => {
        if (pressed) process.exit(EXIT_INTERRUPTED);
        pressed = true;
        callback();
      };
      process.on('SIGINT', listener);
      return () => process.off('SIGINT', listener);
    },
  };
}

/** Whether a view may redraw itself. */
export function isLive(output: Output, env: Environment): boolean {
  return output.isTTY === true && env.TERM !== 'dumb';
}

/** Writes, and waits while the reader is slower than we are. Whoever runs the command hears when the output is lost. */
export async function writeAll(output: Output, text: string): Promise<void> {
  if (output.write(text)) return;
  await new Promise<void>((resolve) => {
    output.once('drain', resolve);
    output.once('error', () => resolve());
  });
}
