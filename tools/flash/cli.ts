/** Entry of `npm run flash`. */
import process from 'node:process';
import { confirm, isCancel } from '@clack/prompts';
import { projectRoot } from '../cli/project-root.ts';
import { runMain } from '../cli/run-main.ts';
import { realSurroundings } from '../cli/surroundings.ts';
import { askForPort } from '../serial/ask.ts';
import { realBinding } from '../serial/binding.ts';
import { thisSerialMachine } from '../serial/machine.ts';
import { flashMain, type Hands } from './main.ts';

const isPerson = process.stdin.isTTY && process.stderr.isTTY;

const hands: Hands = {
  binding: realBinding,
  machine: thisSerialMachine(),
  askForPort: isPerson ? askForPort : undefined,
  confirm: isPerson
    ? async (message) => {
        const answer = await confirm({ message, initialValue: false, output: process.stderr });
        return !isCancel(answer) && answer;
      }
    : undefined,
  patience: 1,
};

await runMain('flash', (argv) => flashMain(argv, realSurroundings(), projectRoot(), hands));
