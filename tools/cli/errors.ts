/** The errors that a command expects: each is said in words, without a stack. Everything else is a bug in the program. */
import { EXIT_FAILURE } from './exit-codes.ts';

/** What the user gave cannot be used: each line names what, where, and what is allowed. Ends with exit code 2. */
export class UsageError extends Error {
  readonly lines: readonly string[];

  constructor(lines: string | readonly string[]) {
    const list = typeof lines === 'string' ? [lines] : lines;
    super(list.join('\n'));
    this.name = 'UsageError';
    this.lines = list;
  }
}

/** The request was fine and the work failed: the line says what happened and what to do next. */
export class Failure extends Error {
  /** What the command ends with; a command with codes of its own gives one of them. */
  readonly exitCode: number;

  constructor(line: string, exitCode: number = EXIT_FAILURE) {
    super(line);
    this.name = 'Failure';
    this.exitCode = exitCode;
  }
}

const SYSTEM_WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EEXIST: 'it is there already',
  EISDIR: 'it is a directory',
  EMFILE: 'too many open files',
  ENOENT: 'there is no such file',
  ENOSPC: 'no space left on the device',
  ENOTDIR: 'a part of the path is no directory',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
};

export function errorCode(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** Why reading or writing a file failed, in words. */
export function systemReason(error: unknown): string {
  const code = errorCode(error);
  return SYSTEM_WORDS[code] ?? (error instanceof Error ? error.message : String(error));
}

/** The same for a file that was to be made: what does not exist then is its folder. */
export function writeReason(error: unknown): string {
  return errorCode(error) === 'ENOENT' ? 'there is no such folder' : systemReason(error);
}
