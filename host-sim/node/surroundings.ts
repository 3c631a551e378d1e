/** What the node finds around it, as an argument: tests give their own. */
import process from 'node:process';
import { onInterrupt } from '../../tools/cli/interrupt.ts';
import { realSurroundings, type Surroundings } from '../../tools/cli/surroundings.ts';
import { isTerminalClosed } from '../../tools/cli/terminal.ts';

export interface NodeSurroundings extends Surroundings {
  stdin: NodeJS.ReadableStream;
  /** Calls back at SIGTERM. Returns how to stop listening. */
  onTerminate: (callback: () => void) => () => void;
  /** Calls back at SIGHUP, which asks to read the settings again; not on Windows. */
  onHangup: (callback: () => void) => () => void;
  /** True when the window that stdout was has been closed: that sends SIGHUP as well. */
  isTerminalClosed: () => boolean;
}

function onSignal(signal: 'SIGTERM' | 'SIGHUP'): (callback: () => void) => () => void {
  return (callback) => {
    process.on(signal, callback);
    return () => process.off(signal, callback);
  };
}

export function nodeSurroundings(): NodeSurroundings {
  return {
    ...realSurroundings(),
    onInterrupt,
    stdin: process.stdin,
    onTerminate: onSignal('SIGTERM'),
    onHangup: onSignal('SIGHUP'),
    isTerminalClosed,
  };
}
