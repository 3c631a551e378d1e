/** Entry of `npm run bench:gateway`. */
import { runMain } from '../../tools/cli/run-main.ts';
import { realSurroundings } from '../../tools/cli/surroundings.ts';
import { benchGateway } from './main.ts';

await runMain('bench:gateway', (argv) => benchGateway(argv, realSurroundings()));
