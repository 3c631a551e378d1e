/** Entry of `npm run bench:xs`. */
import { runMain } from '../../tools/cli/run-main.ts';
import { realSurroundings } from '../../tools/cli/surroundings.ts';
import { loadBundle } from '../world/bundle.ts';
import { benchXs } from './xs.ts';

await runMain('bench:xs', async (argv) => benchXs(argv, realSurroundings(), await loadBundle()));
