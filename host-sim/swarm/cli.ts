/** Entry of `npm run swarm`. */
import { runMain } from '../../tools/cli/run-main.ts';
import { endProcess } from '../../tools/cli/terminal.ts';
import { nodeSurroundings } from '../node/surroundings.ts';
import { swarmMain } from './main.ts';

await runMain('swarm', (argv) => swarmMain(argv, nodeSurroundings()));
// The members have ended, whatever their pipes say.
endProcess();
