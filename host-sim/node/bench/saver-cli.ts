/**
 * Saves a state again and again, as fast as it goes, until it is killed: `store-saver FOLDER`. For the bench and the tests,
 * which cut it off at random moments and look at what the store then holds. Prints `ready` when both slots are written.
 */
import process from 'node:process';
import { loadBundle } from '../../world/bundle.ts';
import { FileStore } from '../../node-platform/store/file-store.ts';
import { clock, systemRandom } from '../../node-platform/ports.ts';

const { api } = await loadBundle();
const files = new FileStore({
  folder: process.argv[2],
  epoch_ms: () => Date.now(),
  onSetAside: ({ path }) => process.stdout.write(`set-aside ${path}\n`),
  onError: (why) => process.stdout.write(`error ${why}\n`),
});

// A node stores when it stops: it is started and stopped without end, on top of what it stored before.
const settings = { ...api.defaultSettings(), keys: [] as ReturnType<typeof api.defaultSettings>['keys'] };
for (let key = 0; key < 16; key++) {
  const [name, low, high, reference] = [`key${key}`, 0, 65_536_000, 0];
  settings.keys.push({ name, floor: 1024, span: 1 << 20, low, high, reference, guard: true, estimator: 0, scope: 0 });
}
const node = api.createNode(
  {
    clock,
    datagrams: { send: () => true },
    medium: null,
    store: files,
    random: systemRandom(),
    sensors: { read: (key) => (20 + key) * 65_536 },
    seal: null,
    vitals: { battery: () => -1, load: () => 0 },
    log: { event: () => undefined },
  },
  settings,
);
for (let saved = 0; ; saved++) {
  node.start();
  node.shutdown();
  if (saved === 1) process.stdout.write('ready\n');
}
