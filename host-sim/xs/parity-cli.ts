/** Entry of `npm run parity:xs`. */
import { runMain } from '../../tools/cli/run-main.ts';
import { realSurroundings } from '../../tools/cli/surroundings.ts';
import { loadBundle } from '../world/bundle.ts';
import { parity } from './parity-main.ts';

await runMain('parity:xs', async (argv) => parity(argv, realSurroundings(), await loadBundle()));
