/** Entry of `npm run node`. */
import { runMain } from '../../tools/cli/run-main.ts';
import { endProcess } from '../../tools/cli/terminal.ts';
import { loadBundle } from '../world/bundle.ts';
import { nodeMain } from './main.ts';
import { nodeSurroundings } from './surroundings.ts';

await runMain('node', (argv) => nodeMain(argv, nodeSurroundings(), async () => (await loadBundle()).api));
// Standard input may be open still, and a command of a sensor may be on its way out: the node has ended all the same.
endProcess();
