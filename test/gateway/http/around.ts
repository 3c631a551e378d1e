/** A server with a fake core behind it, and requests over real sockets. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { PageOptions, PageServer } from '../../../gateway/http/options.ts';
import { createServer } from '../../../gateway/http/server.ts';
import { FakeCore } from '../../../gateway/page/demo/fake-core.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export interface Running {
  server: PageServer;
  core: FakeCore;
  faults: unknown[];
  ask: (
    path: string,
    options?: { method?: string; headers?: Record<string, string>; body?: string },
  ) => Promise<Answer>;
}

/** A page as the build leaves it, small. */
export function fakePage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(folder, 'login.html'), '<!doctype html><!--message--><form>');
  writeFileSync(join(folder, 'assets', 'main-abc.js'), 'plain');
  writeFileSync(join(folder, 'assets', 'main-abc.js.br'), 'brotli');
  return folder;
}

export async function start(given: Partial<PageOptions> = {}): Promise<Running> {
  const core = new FakeCore(1, 1_700_000_000_000);
  const faults: unknown[] = [];
  const server = createServer({
    bind: '127.0.0.1',
    port: 0,
    password: null,
    snapshots: { latest: core.latest, subscribe: core.subscribe },
    history: { query: core.query },
    whatIf: core.whatIf,
    reload: () => Promise.resolve({ problems: [] }),
    metrics: () => Promise.resolve('lvs_cycles_total 1\n'),
    health: () => ({ ok: true, uptime_s: 3 }),
    ready: () => ({ ok: core.latest() !== null }),
    onFault: (error) => faults.push(error),
    page_dir: fakePage(),
    ...given,
  });
  await server.listen();
  onTestFinished(() => server.close());
  const { port } = server.address;
  const ask: Running['ask'] = (path, { method = 'GET', headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  return { server, core, faults, ask };
}

/** Sends bytes as they are, and gives what comes back until the server ends it. */
export function rawAsk(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => (answer += part));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

export interface StreamEvent {
  name: string;
  id: string;
  data: unknown;
}

/** Reads a stream until `count` events other than hello and heartbeat have come, then leaves. */
export function readEvents(port: number, count: number, meanwhile: () => void, lastId = ''): Promise<StreamEvent[]> {
  return new Promise((resolve, reject) => {
    const found: StreamEvent[] = [];
    let text = '';
    let began = false;
    const headers = lastId === '' ? {} : { 'last-event-id': lastId };
    const sent = request({ host: '127.0.0.1', port, path: '/api/events', headers, agent: false }, (response) => {
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        const whole = text.split('\n\n');
        text = whole.pop() ?? '';
        for (const one of whole) {
          const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(one)?.[1] ?? '';
          if (['snapshot', 'change'].includes(field('event'))) {
            found.push({ name: field('event'), id: field('id'), data: JSON.parse(field('data')) as unknown });
          }
        }
        if (!began) meanwhile();
        began = true;
        if (found.length >= count) {
          sent.destroy();
          resolve(found);
        }
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}
