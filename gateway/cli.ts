/** Entry of `npm run gateway`. */
import { projectRoot } from '../tools/cli/project-root.ts';
import { runMain } from '../tools/cli/run-main.ts';
import { endProcess } from '../tools/cli/terminal.ts';
import { loadBundle } from './core/bundle.ts';
import { gatewayMain } from './main.ts';
import { gatewaySurroundings } from './surroundings.ts';

await runMain('gateway', (argv) =>
  gatewayMain(argv, gatewaySurroundings(), { loadApi: () => loadBundle(), root: projectRoot() }),
);
// A command of a sensor may be on its way out, and a port on its way closed: the gateway has ended all the same.
endProcess();
