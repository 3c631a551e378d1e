/** Entry of `npm run sim`. */
import { runMain } from '../tools/cli/run-main.ts';
import { realSurroundings } from '../tools/cli/surroundings.ts';
import { sim } from './cli/main.ts';
import { loadEngine } from './engine.ts';

await runMain('sim', (argv) => sim(argv, realSurroundings(), loadEngine));
