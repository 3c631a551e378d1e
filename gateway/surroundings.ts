/** What the gateway finds around it, as an argument: tests give their own. */
import process from 'node:process';
import { onInterrupt } from '../tools/cli/interrupt.ts';
import { realSurroundings, type Surroundings } from '../tools/cli/surroundings.ts';
import { isTerminalClosed } from '../tools/cli/terminal.ts';

type Listen = (callback: () => void) => () => void;

export interface GatewaySurroundings extends Surroundings {
  onTerminate: Listen;
  /** SIGHUP, which asks to read the configuration again. */
  onHangup: Listen;
  /** What nobody caught: the process goes on. */
  onBug: (callback: (error: unknown) => void) => () => void;
}

/** A window that is closed sends SIGHUP as well: then nobody asks for other settings, and the gateway ends. */
function onTerminate(callback: () => void): () => void {
  const onClosed = (): void => {
    if (isTerminalClosed()) callback();
  };
  process.on('SIGTERM', callback);
  process.on('SIGHUP', onClosed);
  return () => {
    process.off('SIGTERM', callback);
    process.off('SIGHUP', onClosed);
  };
}

function onHangup(callback: () => void): () => void {
  const listener = (): void => {
    if (!isTerminalClosed()) callback();
  };
  process.on('SIGHUP', listener);
  return () => process.off('SIGHUP', listener);
}

export function gatewaySurroundings(): GatewaySurroundings {
  return {
    ...realSurroundings(),
    onInterrupt,
    onTerminate,
    onHangup,
    onBug: (callback) => {
      process.on('uncaughtException', callback);
      process.on('unhandledRejection', callback);
      return () => {
        process.off('uncaughtException', callback);
        process.off('unhandledRejection', callback);
      };
    },
  };
}
