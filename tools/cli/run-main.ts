/**
 * Runs a command's main function and turns how it ended into an exit code. Only here does a process end: commands
 * return a code or throw.
 */
import process from 'node:process';
import { inspect } from 'node:util';
import { errorCode, Failure, UsageError } from './errors.ts';
import { EXIT_FAILURE, EXIT_OK, EXIT_USAGE } from './exit-codes.ts';

/** What goes to stderr for an error, and the code to end with. */
export function explain(command: string, error: unknown): { lines: string[]; code: number } {
  if (error instanceof UsageError) {
    return { lines: error.lines.map((line) => `${command}: ${line}`), code: EXIT_USAGE };
  }
  if (error instanceof Failure) return { lines: [`${command}: ${error.message}`], code: error.exitCode };
  const head = `${command}: this is a bug in the program, please report it with these lines:`;
  return { lines: [head, inspect(error)], code: EXIT_FAILURE };
}

/** A reader that has seen enough (`| head`) closes the pipe: nothing is wrong, and there is no one left to tell. */
function endQuietlyOnClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error) => {
    if (errorCode(error) === 'EPIPE') process.exit(EXIT_OK);
    throw error;
  });
}

export async function runMain(command: string, main: (argv: string[]) => Promise<number>): Promise<void> {
  endQuietlyOnClosedPipe(process.stdout);
  endQuietlyOnClosedPipe(process.stderr);
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    const { lines, code } = explain(command, error);
    for (const line of lines) process.stderr.write(`${line}\n`);
    process.exitCode = code;
  }
}
