/** Entry of `npm run test:moddable`. */
import { projectRoot } from '../cli/project-root.ts';
import { runMain } from '../cli/run-main.ts';
import { realSurroundings } from '../cli/surroundings.ts';
import { testModdableMain } from './main.ts';

await runMain('test:moddable', (argv) => testModdableMain(argv, realSurroundings(), projectRoot()));
