/** Entry of `npm run bench`. */
import { runMain } from '../../tools/cli/run-main.ts';
import { realSurroundings } from '../../tools/cli/surroundings.ts';
import { loadEngine } from '../engine.ts';
import { bench } from './main.ts';

await runMain('bench', (argv) => bench(argv, realSurroundings(), loadEngine));
