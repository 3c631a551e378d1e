/** Entry of `npm run bench:federation`. */
import { runMain } from '../../../tools/cli/run-main.ts';
import { realSurroundings } from '../../../tools/cli/surroundings.ts';
import { loadBundle } from '../../core/bundle.ts';
import { benchFederation } from './main.ts';

await runMain('bench:federation', (argv) => benchFederation(argv, realSurroundings(), loadBundle));
