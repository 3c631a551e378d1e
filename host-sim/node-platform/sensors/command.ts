/** A source that runs a command and takes the number that it prints. It never runs twice at once, and not for ever. */
import { runCommand, type Running } from './run-command.ts';
import { numberIn, WAITING, type Reading, type Source } from './source.ts';

export function commandSource(command: string, timeout_ms: number): Source {
  let latest: Reading = WAITING;
  let running: Running | null = null;

  const start = async (): Promise<void> => {
    running = runCommand(command, timeout_ms);
    const { output, why } = await running.ended;
    running = null;
    latest = why === '' ? numberIn(output, 'the command') : { kind: 'none', why };
  };

  void start();
  return {
    read: () => {
      if (running === null) void start();
      return latest;
    },
    close: () => running?.kill(),
  };
}
