/** The web server as a part of the gateway. */
import { createServer } from '../http/server.ts';
import type { PageServer } from '../http/options.ts';
import { metricsOf } from '../ops/metrics.ts';
import type { Part, PartContext, PartSpec } from './part.ts';
import { reasonOf } from './supervisor.ts';

class HttpPart implements Part {
  readonly #context: PartContext;
  readonly #page_dir: string;
  #server: PageServer | null = null;

  constructor(context: PartContext, page_dir: string) {
    this.#context = context;
    this.#page_dir = page_dir;
  }

  async start(): Promise<void> {
    const { config, gateway, log } = this.#context;
    const { bind, port, proxies, password } = config.http;
    const server = createServer({
      bind,
      port,
      password: password === '' ? null : password,
      proxies,
      snapshots: { latest: () => gateway.snapshot(), subscribe: (take) => gateway.onSnapshot(take) },
      history: { query: (key, from_ms, to_ms, points) => gateway.history.query(key, from_ms, to_ms, points) },
      whatIf: (loss, seconds) => gateway.whatIf(loss, seconds),
      reload: () => gateway.reload(),
      metrics: () => metricsOf(gateway.metrics),
      health: () => gateway.health(),
      ready: () => gateway.ready(),
      onFault: (error) => log.error({ event: 'http-fault' }, reasonOf(error)),
      page_dir: this.#page_dir,
    });
    this.#server = server;
    await server.listen();
    log.info({ event: 'http-listening', url: server.address.url }, `the page is at ${server.address.url}`);
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    await server?.close();
  }
}

/** @param page_dir where the built page lies */
export function httpPart(page_dir: string): PartSpec {
  return {
    name: 'http',
    uses: ['http'],
    wanted: ({ http }) => http.enabled,
    create: (context) => new HttpPart(context, page_dir),
  };
}
