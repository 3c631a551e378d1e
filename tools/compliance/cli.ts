/** Entry of `npm run compliance`. */
import { runMain } from '../cli/run-main.ts';
import { realSurroundings } from '../cli/surroundings.ts';
import { complianceMain } from './main.ts';

await runMain('compliance', (argv) => complianceMain(argv, realSurroundings()));
