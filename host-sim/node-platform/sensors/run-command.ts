/** Runs a command that prints a reading: never for ever, whatever it starts. */
import { spawn } from 'node:child_process';
import { kill, platform } from 'node:process';

/** More than a reading needs: what comes beyond is not kept. */
const OUTPUT_MAX_BYTES = 65_536;
const COMPLAINT_MAX = 120;

export interface Ended {
  output: string;
  /** What is wrong; '' when nothing is. */
  why: string;
}

export interface Running {
  ended: Promise<Ended>;
  kill(): void;
}

export function runCommand(command: string, timeout_ms: number): Running {
  const child = spawn(command, {
    shell: true,
    // The shell and what it starts are a group of their own, so that all of it can be killed.
    detached: platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const killGroup = (): void => {
    if (child.pid === undefined) return;
    try {
      if (platform === 'win32') child.kill('SIGKILL');
      else kill(-child.pid, 'SIGKILL');
    } catch {
      // It ended in the same moment.
    }
  };
  let output = '';
  let complaint = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (output.length < OUTPUT_MAX_BYTES) output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (complaint.length < COMPLAINT_MAX) complaint += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    const end = (why: string): void => {
      clearTimeout(timer);
      resolve({ output, why });
    };
    const timer = setTimeout(() => {
      killGroup();
      // What has left the group may hold the pipes for ever, so nobody waits for them to close.
      child.stdout.destroy();
      child.stderr.destroy();
      end(`the command took longer than ${timeout_ms / 1000} s and was ended`);
    }, timeout_ms);
    child.once('error', (error) => end(`the command cannot be run: ${error.message}`));
    child.once('close', (code, signal) => {
      if (code === 0) return end('');
      const said = complaint.trim().split('\n', 1)[0].slice(0, COMPLAINT_MAX);
      end(`the command ended with ${code === null ? String(signal) : `code ${code}`}${said === '' ? '' : `: ${said}`}`);
    });
  });
  return { ended, kill: killGroup };
}
