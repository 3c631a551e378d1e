/** Entry of `npm run provision`. */
import process from 'node:process';
import { projectRoot } from '../cli/project-root.ts';
import { runMain } from '../cli/run-main.ts';
import { realSurroundings } from '../cli/surroundings.ts';
import { realBinding } from '../serial/binding.ts';
import { thisSerialMachine } from '../serial/machine.ts';
import { terminalAsker } from './ask.ts';
import { boardsOf } from './device.ts';
import { provisionMain } from './main.ts';

await runMain('provision', async (argv) => {
  const around = realSurroundings();
  const { env, cwd, now_ms, onInterrupt } = around;
  const root = projectRoot();
  const stop = new AbortController();
  const stopListening = onInterrupt(() => stop.abort());
  const machine = thisSerialMachine();
  const tools = { binding: realBinding, machine, env, cwd, root, signal: stop.signal, now_ms, patience: 1 };
  const asker = process.stdin.isTTY && process.stderr.isTTY ? terminalAsker() : undefined;
  try {
    return await provisionMain(argv, around, root, { withBoard: boardsOf(tools), asker });
  } finally {
    stopListening();
  }
});
