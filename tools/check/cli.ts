/** Entry of `npm run check`. */
import { projectRoot } from '../cli/project-root.ts';
import { runMain } from '../cli/run-main.ts';
import { realSurroundings } from '../cli/surroundings.ts';
import { checkMain } from './main.ts';

await runMain('check', (argv) => checkMain(argv, realSurroundings(), projectRoot()));
