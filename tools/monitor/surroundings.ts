/** What the monitor finds around it besides what every command does: a keyboard, signals, time to wait. */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { realSurroundings, type Surroundings } from '../cli/surroundings.ts';
import type { KeyInput } from './live/keys.ts';

export interface MonitorSurroundings extends Surroundings {
  stdin: KeyInput & AsyncIterable<Buffer | string>;
  date: () => Date;
  wait: (ms: number) => Promise<void>;
  /** Calls back with an exit code when the system asks to end (SIGTERM, SIGHUP). Returns how to stop listening. */
  onTerminate: (callback: (code: number) => void) => () => void;
}

/** 128 and the number of the signal, as shells say it. */
const SIGNALS = [
  ['SIGHUP', 129],
  ['SIGTERM', 143],
] as const;

export function realMonitorSurroundings(): MonitorSurroundings {
  return {
    ...realSurroundings(),
    stdin: process.stdin,
    date: () => new Date(),
    wait: async (ms) => {
      await sleep(ms);
    },
    onTerminate: (callback) => {
      const listeners = SIGNALS.map(([signal, code]) => [signal, () => callback(code)] as const);
      for (const [signal, listener] of listeners) process.on(signal, listener);
      return () => {
        for (const [signal, listener] of listeners) process.off(signal, listener);
      };
    },
  };
}
