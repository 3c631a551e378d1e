/** Surroundings that keep what a command writes. */
import { Writable } from 'node:stream';
import type { Environment } from '../../tools/cli/colour.ts';
import type { Output, Surroundings } from '../../tools/cli/surroundings.ts';

class Keeping extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

export interface KeptSurroundings extends Surroundings {
  out: () => string;
  err: () => string;
}

export function keepSurroundings(env: Environment = {}, cwd = '/'): KeptSurroundings {
  const [stdout, stderr] = [new Keeping(), new Keeping()];
  const output = (stream: Keeping): Output => stream;
  return {
    stdout: output(stdout),
    stderr: output(stderr),
    env,
    cwd,
    now_ms: () => 0,
    onInterrupt: () => () => undefined,
    out: () => stdout.text,
    err: () => stderr.text,
  };
}
