/** A model board on the desk, and the monitor running on it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '../../../tools/cli/colour.ts';
import { monitorMain } from '../../../tools/monitor/main.ts';
import { romBinding } from '../../rom/binding.ts';
import { Board, type BoardOptions } from '../../rom/board.ts';
import { firmware, flashed } from '../../rom/firmware.ts';
import { Keyboard, type KeptMonitor, keepMonitor, portsOf, ROOT } from './around.ts';

const LOOK_MS = 5;
const PATIENCE_MS = 5000;

/** A board that starts its application and has nothing to say but what a test lets it say. */
export function runningBoard(options: Partial<BoardOptions> = {}): Board {
  const chip = options.chip ?? 'esp32';
  return new Board({ chip, flash: flashed(firmware(chip)), ...options });
}

export interface Desk {
  around: KeptMonitor;
  keyboard: Keyboard;
  /** How the command ends. */
  ended: Promise<number>;
  /** Waits until stdout and stderr together hold the text; gives them. */
  until: (text: string | RegExp) => Promise<string>;
}

export function monitorDesk(
  boards: readonly Board[],
  argv: readonly string[] = [],
  { listFails, env = {} }: { listFails?: Error; env?: Environment } = {},
): Desk {
  const keyboard = new Keyboard();
  const around = keepMonitor(keyboard, env);
  const binding = romBinding(boards, listFails === undefined ? {} : { listFails });
  const ended = monitorMain(['--timestamps', 'none', ...argv], around, ROOT, portsOf(binding));
  let failed = false;
  ended.catch(() => (failed = true));
  const shown = (): string => around.out() + around.err();
  const isThere = (text: string | RegExp): boolean =>
    typeof text === 'string' ? shown().includes(text) : text.test(shown());
  return {
    around,
    keyboard,
    ended,
    until: async (text) => {
      for (let waited_ms = 0; waited_ms < PATIENCE_MS; waited_ms += LOOK_MS) {
        if (isThere(text)) return shown();
        if (failed) await ended;
        await sleep(LOOK_MS);
      }
      throw new Error(`never said ${String(text)}; said:\n${shown()}`);
    },
  };
}
