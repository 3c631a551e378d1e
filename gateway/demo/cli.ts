/** Entry of `npm run demo`. */
import { fileURLToPath } from 'node:url';
import { runMain } from '../../tools/cli/run-main.ts';
import { endProcess } from '../../tools/cli/terminal.ts';
import { loadBundle } from '../core/bundle.ts';
import { gatewaySurroundings } from '../surroundings.ts';
import { demoMain } from './main.ts';

const program = fileURLToPath(new URL('demo-gateway.mjs', import.meta.url));

await runMain('demo', (argv) => demoMain(argv, gatewaySurroundings(), { loadApi: () => loadBundle(), program }));
// What waits for the end of --seconds has nothing left to end.
endProcess();
