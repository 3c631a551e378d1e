/** Surroundings of a command that runs in this process: what it says is kept, and signals are given by hand. */
import { Writable } from 'node:stream';
import type { GatewaySurroundings } from '../../../gateway/surroundings.ts';

class Kept extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

export interface FakeSurroundings extends GatewaySurroundings {
  stdout: Kept;
  stderr: Kept;
  /** Sends it. */
  terminate: () => void;
  interrupt: () => void;
  hangup: () => void;
}

export function fakeSurroundings(cwd: string, env: Record<string, string> = {}): FakeSurroundings {
  const callbacks: Record<string, (() => void) | undefined> = {};
  const listen = (name: string) => (callback: () => void) => {
    callbacks[name] = callback;
    return () => {
      callbacks[name] = undefined;
    };
  };
  return {
    stdout: new Kept(),
    stderr: new Kept(),
    env: { HOME: cwd, ...env },
    cwd,
    now_ms: () => performance.now(),
    onInterrupt: listen('interrupt'),
    onTerminate: listen('terminate'),
    onHangup: listen('hangup'),
    onBug: () => () => undefined,
    terminate: () => callbacks.terminate?.(),
    interrupt: () => callbacks.interrupt?.(),
    hangup: () => callbacks.hangup?.(),
  };
}
