/** Asks again and again, and never while the last answer is still awaited. */
import type { Driver } from './driver.ts';

export function poll(every_s: number, ask: () => Promise<void>): Driver {
  let busy = false;
  let stopped = false;
  const turn = async (): Promise<void> => {
    if (busy || stopped) return;
    busy = true;
    try {
      await ask();
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(() => void turn(), 1000 * every_s);
  void turn();
  return {
    stop: () => {
      stopped = true;
      clearInterval(timer);
    },
  };
}
