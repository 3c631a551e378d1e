/**
 * The gateway program under the demo's care. It ends when the demo does, however that ends: the system closes the channel
 * between them. Ctrl-C reaches every process of a terminal and is the demo's alone to answer.
 */
import process from 'node:process';
import { projectRoot } from '../../tools/cli/project-root.ts';
import { runMain } from '../../tools/cli/run-main.ts';
import { loadBundle } from '../core/bundle.ts';
import { gatewayMain } from '../main.ts';
import { gatewaySurroundings } from '../surroundings.ts';

const gone = new Promise<void>((resolve) => process.once('disconnect', resolve));

const around = {
  ...gatewaySurroundings(),
  onInterrupt: (): (() => void) => {
    const nothing = (): void => undefined;
    process.on('SIGINT', nothing);
    return () => process.off('SIGINT', nothing);
  },
  onTerminate: (callback: () => void): (() => void) => {
    void gone.then(callback);
    process.on('SIGTERM', callback);
    return () => process.off('SIGTERM', callback);
  },
};

await runMain('gateway', (argv) => gatewayMain(argv, around, { loadApi: () => loadBundle(), root: projectRoot() }));
process.exit();
