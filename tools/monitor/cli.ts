/** Entry of `npm run monitor`. */
import { projectRoot } from '../cli/project-root.ts';
import { runMain } from '../cli/run-main.ts';
import { realBinding } from '../serial/binding.ts';
import { thisSerialMachine } from '../serial/machine.ts';
import { monitorMain } from './main.ts';
import { realMonitorSurroundings } from './surroundings.ts';

const ports = { binding: realBinding, machine: thisSerialMachine() };

await runMain('monitor', (argv) => monitorMain(argv, realMonitorSurroundings(), projectRoot(), ports));
