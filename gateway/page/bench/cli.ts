/** Entry of `npm run bench:page`. */
import { projectRoot } from '../../../tools/cli/project-root.ts';
import { runMain } from '../../../tools/cli/run-main.ts';
import { realSurroundings } from '../../../tools/cli/surroundings.ts';
import { benchPage } from './main.ts';

await runMain('bench:page', (argv) => benchPage(argv, realSurroundings(), projectRoot()));
