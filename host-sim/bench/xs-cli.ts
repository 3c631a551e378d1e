/** Entry of `npm run bench:xs`. */
import { runMain } from '../../tools/cli/run-main.ts';
import { realSurroundings } from '../../tools/cli/surroundings.ts';
import { loadBundle } from '../world/bundle.ts';
import { xsWorkerPath } from '../xs/worker-path.ts';
import { benchXs } from './xs.ts';

await runMain('bench:xs', async (argv) => {
  xsWorkerPath();
  return benchXs(argv, realSurroundings(), await loadBundle());
});
