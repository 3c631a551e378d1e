/** Entry of `npm run build` with flags. */
import { projectRoot } from '../cli/project-root.ts';
import { runMain } from '../cli/run-main.ts';
import { realSurroundings } from '../cli/surroundings.ts';
import { buildMain } from './main.ts';

await runMain('build', (argv) => buildMain(argv, realSurroundings(), projectRoot()));
