/** Commands that are run again and again and print a reading. One never runs twice at once, and not for ever. */
import { spawn, type ChildProcess } from 'node:child_process';
import { kill, platform } from 'node:process';
import type { Driver, Sink } from './driver.ts';
import { poll } from './poll.ts';

/** More than a reading needs: what comes beyond is not kept. */
const OUTPUT_MAX_BYTES = 65_536;
const COMPLAINT_MAX = 120;

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

interface Ended {
  output: string;
  /** What is wrong; '' when nothing is. */
  why: string;
}

function run(command: string, timeout_s: number, onStart: (child: ChildProcess) => void): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, {
      shell: true,
      detached: platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    onStart(child);
    let output = '';
    let complaint = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      killGroup(child);
    }, 1000 * timeout_s);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < OUTPUT_MAX_BYTES) output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (complaint.length < COMPLAINT_MAX) complaint += text;
    });
    const end = (why: string): void => {
      clearTimeout(timer);
      resolve({ output, why });
    };
    child.once('error', (error) => end(`the command cannot be run: ${error.message}`));
    child.once('close', (code, signal) => {
      if (late) end(`the command took longer than ${timeout_s} s and was ended`);
      else if (code === 0) end('');
      else {
        const said = complaint.trim().split('\n', 1)[0].slice(0, COMPLAINT_MAX);
        end(
          `the command ended with ${code === null ? String(signal) : `code ${code}`}${said === '' ? '' : `: ${said}`}`,
        );
      }
    });
  });
}

export function commandDriver(command: string, timeout_s: number, every_s: number, sink: Sink): Driver {
  let running: ChildProcess | null = null;
  let stopped = false;
  const polling = poll(every_s, async () => {
    const { output, why } = await run(command, timeout_s, (child) => {
      running = child;
    });
    running = null;
    if (stopped) return;
    if (why === '') sink.text(output);
    else sink.fault(why);
  });
  return {
    stop: () => {
      stopped = true;
      polling.stop();
      if (running !== null) killGroup(running);
    },
  };
}
