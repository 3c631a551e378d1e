/** Entry of `npm run bench:node`. */
import { runMain } from '../../../tools/cli/run-main.ts';
import { realSurroundings } from '../../../tools/cli/surroundings.ts';
import { benchNode } from './main.ts';

await runMain('bench:node', (argv) => benchNode(argv, realSurroundings()));
