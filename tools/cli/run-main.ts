/**
 * Runs a command's main function and turns how it ended into an exit code. Only here does a process end: commands
 * return a code or throw.
 */
import process from 'node:process';
import { inspect } from 'node:util';
import { errorCode, Failure, systemReason, UsageError } from './errors.ts';
import { EXIT_FAILURE, EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import { endProcess } from './terminal.ts';

/** What goes to stderr for an error, and the code to end with. */
export function explain(command: string, error: unknown): { lines: string[]; code: number } {
  if (error instanceof UsageError) {
    return { lines: error.lines.map((line) => `${command}: ${line}`), code: EXIT_USAGE };
  }
  if (error instanceof Failure) return { lines: [`${command}: ${error.message}`], code: error.exitCode };
  const head = `${command}: this is a bug in the program, please report it with these lines:`;
  return { lines: [head, inspect(error)], code: EXIT_FAILURE };
}

/** How long a command may take to end in order when nobody reads what it says. */
const END_MAX_MS = 10_000;

/**
 * A reader that has seen enough (`| head`) closes the pipe, and a window that is closed cannot be written to: nothing is
 * wrong, and there is no one left to tell. A full disk is told. Either way a command that has something to end does so.
 * @returns the code to end with, null while the output is well
 */
function endOnLostOutput(command: string): () => number | null {
  let lost: number | null = null;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (lost !== null) return;
      const isNobodyThere = ['EPIPE', 'EIO'].includes(errorCode(error));
      lost = isNobodyThere ? EXIT_OK : EXIT_FAILURE;
      if (!isNobodyThere) process.stderr.write(`${command}: the output cannot be written: ${systemReason(error)}\n`);
      process.exitCode = lost;
      if (process.listenerCount('SIGTERM') === 0) endProcess();
      setTimeout(endProcess, END_MAX_MS).unref();
      process.emit('SIGTERM', 'SIGTERM');
    });
  }
  return () => lost;
}

export async function runMain(command: string, main: (argv: string[]) => Promise<number>): Promise<void> {
  const lostOutput = endOnLostOutput(command);
  try {
    const code = await main(process.argv.slice(2));
    process.exitCode = lostOutput() ?? code;
  } catch (error) {
    const { lines, code } = explain(command, error);
    for (const line of lines) process.stderr.write(`${line}\n`);
    process.exitCode = lostOutput() ?? code;
  }
}
