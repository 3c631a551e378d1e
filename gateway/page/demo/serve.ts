/** The page before a swarm that is not there: for working on the page, for its tests and its pictures. */
import type { PageOptions, PageServer } from '../../http/options.ts';
import { createServer } from '../../http/server.ts';
import { FakeCore } from './fake-core.ts';

export interface DemoOptions {
  page_dir: string;
  port?: number;
  password?: string;
  core?: FakeCore;
}

export function demoServer({ page_dir, port = 0, password, core }: DemoOptions): {
  server: PageServer;
  core: FakeCore;
} {
  const fake = core ?? new FakeCore(1, Date.now());
  const options: PageOptions = {
    bind: '127.0.0.1',
    port,
    password: password ?? null,
    snapshots: { latest: fake.latest, subscribe: fake.subscribe },
    history: { query: fake.query },
    whatIf: fake.whatIf,
    reload: () => Promise.resolve({ problems: [] }),
    metrics: () =>
      Promise.resolve('# HELP lvs_cycles_total Cycles\n# TYPE lvs_cycles_total counter\nlvs_cycles_total 1\n'),
    health: () => ({ ok: true }),
    ready: () => ({ ok: fake.latest() !== null }),
    page_dir,
  };
  return { server: createServer(options), core: fake };
}
