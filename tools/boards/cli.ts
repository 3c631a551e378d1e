/** Entry of `npm run boards`. */
import { projectRoot } from '../cli/project-root.ts';
import { runMain } from '../cli/run-main.ts';
import { realSurroundings } from '../cli/surroundings.ts';
import { boardsMain } from './main.ts';

await runMain('boards', (argv) => boardsMain(argv, realSurroundings(), projectRoot()));
