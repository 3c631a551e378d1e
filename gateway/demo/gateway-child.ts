/**
 * The gateway program under the demo's care. It ends when the demo does, however that ends: the system closes the channel
 * between them. Ctrl-C reaches every process of a terminal and is the demo's alone to answer.
 */
import process from 'node:process';
import { projectRoot } from '../../tools/cli/project-root.ts';
import { runMain } from '../../tools/cli/run-main.ts';
import { endProcess } from '../../tools/cli/terminal.ts';
import { loadBundle } from '../core/bundle.ts';
import { gatewayMain } from '../main.ts';
import { gatewaySurroundings } from '../surroundings.ts';

// While this program was loaded the demo may have ended already, and nobody heard of it.
const gone = new Promise<void>((resolve) => (process.connected ? process.once('disconnect', resolve) : resolve()));

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
endProcess();
