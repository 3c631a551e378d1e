/** A source that runs a command and takes the number that it prints. It never runs twice at once, and not for ever. */
import { spawn, type ChildProcess } from 'node:child_process';
import { kill, platform } from 'node:process';
import { numberIn, WAITING, type Reading, type Source } from './source.ts';

/** More than a number needs: what comes beyond is not kept. */
const OUTPUT_MAX_BYTES = 4096;

/** The shell and what it started: they are a group of their own. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (platform === 'win32') child.kill('SIGKILL');
    else kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended in the same moment.
  }
}

export function commandSource(command: string, timeout_ms: number): Source {
  let latest: Reading = WAITING;
  let running: ChildProcess | null = null;

  const start = (): void => {
    const child = spawn(command, {
      shell: true,
      detached: platform !== 'win32',
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
    });
    running = child;
    let output = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      killGroup(child);
    }, timeout_ms);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < OUTPUT_MAX_BYTES) output += text;
    });
    const end = (reading: Reading): void => {
      clearTimeout(timer);
      latest = reading;
      running = null;
    };
    child.once('error', (error) => end({ kind: 'none', why: `the command cannot be run: ${error.message}` }));
    child.once('close', (code) => {
      if (late) end({ kind: 'none', why: `the command took longer than ${timeout_ms / 1000} s` });
      else if (code !== 0) end({ kind: 'none', why: `the command ended with code ${code ?? -1}` });
      else end(numberIn(output, 'the command'));
    });
  };

  start();
  return {
    read: () => {
      if (running === null) start();
      return latest;
    },
    close: () => {
      if (running !== null) killGroup(running);
    },
  };
}
