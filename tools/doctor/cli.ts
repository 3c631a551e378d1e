/** Entry of `npm run doctor`. */
import process from 'node:process';
import { runMain } from '../cli/run-main.ts';
import { realSurroundings } from '../cli/surroundings.ts';
import { thisMachine } from './machine.ts';
import { doctorMain } from './main.ts';

await runMain('doctor', (argv) => doctorMain(argv, realSurroundings(), thisMachine(process.env)));
