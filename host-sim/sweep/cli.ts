/** Entry of `npm run sweep`. */
import { join } from 'node:path';
import { projectRoot } from '../../tools/cli/project-root.ts';
import { runMain } from '../../tools/cli/run-main.ts';
import { realSurroundings } from '../../tools/cli/surroundings.ts';
import { loadBundle } from '../world/bundle.ts';
import { sweep } from './main.ts';
import { runJobs } from './pool.ts';

/** A thread loads a program of its own, which the build lays beside this one. */
const WORKER = join(projectRoot(), 'build', 'bin', 'sweep-worker.mjs');

await runMain('sweep', (argv) =>
  sweep(argv, realSurroundings(), async () => {
    const { sha256 } = await loadBundle();
    return { bundle_sha256: sha256, run: (jobs, options) => runJobs(jobs, { ...options, program: WORKER }) };
  }),
);
