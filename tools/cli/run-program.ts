/** Runs another program to its end and keeps what it says: shown only when it fails. */
import { spawn } from 'node:child_process';
import { errorCode, systemReason } from './errors.ts';

export interface Ran {
  /** Exit code; -1 when it could not be started or was killed. */
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunProgramOptions {
  cwd?: string;
  env?: Readonly<Record<string, string | undefined>>;
  /** Called with each piece of what it says, while it says it. */
  onOutput?: (text: string) => void;
}

export async function runProgram(
  command: string,
  args: readonly string[],
  options: RunProgramOptions = {},
): Promise<Ran> {
  const { cwd, env = process.env, onOutput } = options;
  return await new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const ran: Ran = { code: -1, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      ran.stdout += text;
      onOutput?.(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      ran.stderr += text;
      onOutput?.(text);
    });
    child.on('error', (error) => {
      const why = errorCode(error) === 'ENOENT' ? `there is no program ${command}` : systemReason(error);
      resolve({ ...ran, stderr: `${ran.stderr}${why}` });
    });
    child.on('close', (code) => resolve({ ...ran, code: code ?? -1 }));
  });
}

/** The last lines of what a program said that mean something, for the end of an error. */
export function lastLines({ stdout, stderr }: Ran, count: number): string {
  const lines = `${stdout}\n${stderr}`.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.slice(-count).join('\n');
}
