/** Entry of `npm run swarm`. */
import { runMain } from '../../tools/cli/run-main.ts';
import { nodeSurroundings } from '../node/surroundings.ts';
import { swarmMain } from './main.ts';

await runMain('swarm', (argv) => swarmMain(argv, nodeSurroundings()));
