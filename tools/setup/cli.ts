/** Entry of `npm run setup`. */
import { projectRoot } from '../cli/project-root.ts';
import { runMain } from '../cli/run-main.ts';
import { realSurroundings } from '../cli/surroundings.ts';
import { setupMain } from './main.ts';

await runMain('setup', (argv) => setupMain(argv, realSurroundings(), projectRoot()));
