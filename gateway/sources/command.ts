/** Commands that are run again and again and print a reading. One never runs twice at once, and not for ever. */
import { runCommand, type Running } from '../../host-sim/node-platform/sensors/run-command.ts';
import type { Driver, Sink } from './driver.ts';
import { poll } from './poll.ts';

export function commandDriver(command: string, timeout_s: number, every_s: number, sink: Sink): Driver {
  let running: Running | null = null;
  let stopped = false;
  const polling = poll(every_s, async () => {
    running = runCommand(command, 1000 * timeout_s);
    const { output, why } = await running.ended;
    running = null;
    if (stopped) return;
    if (why === '') sink.text(output);
    else sink.fault(why);
  });
  return {
    stop: () => {
      stopped = true;
      polling.stop();
      running?.kill();
    },
  };
}
