import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import type { Change } from '../../../gateway/http/changes.ts';
import { CLIENT_BUFFER_BYTES_MAX } from '../../../gateway/http/events.ts';
import { createServer } from '../../../gateway/http/server.ts';
import { applyChange } from '../../../gateway/page/src/state.ts';
import type { Snapshot } from '../../../gateway/view.ts';
import { UsageError } from '../../../tools/cli/errors.ts';
import { type Answer, rawAsk, readEvents, start } from './around.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** The schemas that docs/page.md promises. */
const docs = readFileSync(new URL('../../../docs/page.md', import.meta.url), 'utf8');
const ajv = new Ajv({ allowUnionTypes: true, strict: false });
for (const match of docs.matchAll(/```json\n([\s\S]*?)```/g)) ajv.addSchema(JSON.parse(match[1]) as object);

function fits(schema: string, text: string): void {
  expect(ajv.validate(schema, JSON.parse(text)), ajv.errorsText()).toBe(true);
}

function expectProblem(answer: Answer, status: number, what: RegExp): void {
  expect(answer.status).toBe(status);
  fits('error', answer.text);
  expect((JSON.parse(answer.text) as { error: { what: string } }).error.what).toMatch(what);
}

test('the state is the newest snapshot, and 503 before there is one', async () => {
  const { ask, core } = await start();
  expectProblem(await ask('/api/state'), 503, /not run a cycle/);
  expect((await ask('/readyz')).status).toBe(503);
  const snapshot = core.advance();
  const { text, status } = await ask('/api/state');
  expect(status).toBe(200);
  expect(JSON.parse(text)).toEqual(snapshot);
  fits('snapshot', text);
  expect((await ask('/readyz')).status).toBe(200);
});

test('history answers columns, and says what is wrong with a question', async () => {
  const { ask, core } = await start();
  const { time_ms } = core.advance();
  const answer = await ask(`/api/keys/temperature/history?from=${time_ms - 60_000}&to=${time_ms}&points=10`);
  fits('history', answer.text);
  expect((JSON.parse(answer.text) as { agreed: number[] }).agreed).toHaveLength(10);
  expectProblem(await ask('/api/keys/nothing/history'), 404, /no key "nothing"/);
  expectProblem(await ask('/api/keys/temperature/history?points=0'), 400, /points is "0"/);
  expectProblem(await ask('/api/keys/temperature/history?from=x'), 400, /from is "x"/);
  expectProblem(await ask('/api/keys/temperature/history?from=5&to=5'), 400, /not before/);
  expectProblem(await ask('/api/keys/%ff/history'), 400, /percent-encoded/);
});

test('a what-if reaches the core only from the own page or a program, as JSON of the right shape', async () => {
  const { ask, core, server } = await start();
  const post = (body: string, headers: Record<string, string> = JSON_TYPE): Promise<Answer> =>
    ask('/api/what-if', { method: 'POST', headers, body });
  const good = '{"loss": 0.6, "seconds": 60}';
  expectProblem(await post(good, { 'content-type': 'text/plain' }), 415, /text\/plain/);
  expectProblem(await post(good, { ...JSON_TYPE, origin: 'http://evil.example' }), 403, /another web site/);
  expectProblem(await post(good, { ...JSON_TYPE, origin: 'null' }), 403, /another web site/);
  expectProblem(await post(good, { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' }), 403, /another web site/);
  expectProblem(await post('{"loss": 2, "seconds": 60}'), 400, /loss is 2/);
  expectProblem(await post('{"loss": 0.5}'), 400, /seconds is missing/);
  expectProblem(await post('{"loss": 0.5, "seconds": 5, "x": 1}'), 400, /field "x"/);
  expectProblem(await post('[]'), 400, /no object/);
  expectProblem(await post('{'), 400, /not JSON/);
  expectProblem(await post(`"${'x'.repeat(5000)}"`), 413, /longer than/);
  expectProblem(await ask('/api/what-if'), 405, /does not take GET/);
  expect(core.advance().what_if).toBe(null);
  const { port } = server.address;
  expect((await post(good, { ...JSON_TYPE, origin: `http://127.0.0.1:${port}` })).status).toBe(202);
  expect(core.advance().what_if?.loss).toBe(0.6);
  expect((await post('{"loss": 0, "seconds": 1}')).status).toBe(202);
  expect(core.advance().what_if).toBe(null);
});

test('events make the snapshots again, and a client resumes where it was', async () => {
  const { core, server } = await start();
  const { port } = server.address;
  core.advance();
  const events = await readEvents(port, 4, () => {
    for (let i = 0; i < 3; i++) core.advance();
  });
  expect(events.map(({ name }) => name)).toEqual(['snapshot', 'change', 'change', 'change']);
  const [first, ...changes] = events;
  const made = changes.reduce((state, { data }) => applyChange(state, data as Change), first.data as Snapshot);
  expect(made).toEqual(core.latest());

  core.advance();
  core.advance();
  const missed = await readEvents(port, 2, () => undefined, events[3].id);
  expect(missed.map(({ name }) => name)).toEqual(['change', 'change']);
  expect(missed.reduce((state, { data }) => applyChange(state, data as Change), made)).toEqual(core.latest());
  const [anew] = await readEvents(port, 1, () => undefined, 'another-run-3');
  expect(anew).toMatchObject({ name: 'snapshot', data: core.latest() });
});

test('a client that does not read is let go, and the others stay', async () => {
  const { core, server } = await start();
  const { port } = server.address;
  core.advance();
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('GET /api/events HTTP/1.1\r\nhost: localhost\r\n\r\n');
  socket.pause();
  const text = 'x'.repeat(CLIENT_BUFFER_BYTES_MAX / 2);
  let told = 0;
  const flood = (): void => {
    core.alarms = [{ id: 'a', severity: 'warning', since_ms: ++told, text: `${text}${told}` }];
    core.advance();
  };
  const [event] = await readEvents(port, 1, () => undefined);
  expect(event.name).toBe('snapshot');
  for (let i = 0; i < 40; i++) {
    flood();
    await new Promise((resolve) => setImmediate(resolve));
  }
  let received = 0;
  socket.on('data', (part) => (received += part.length));
  socket.resume();
  await new Promise((resolve) => socket.on('close', resolve));
  expect(received).toBeLessThan(40 * text.length);
});

test('an address that others reach needs a password', () => {
  for (const bind of ['0.0.0.0', '::', '192.168.1.5', 'gateway.example', '127.evil.example']) {
    const make = (): unknown =>
      createServer({ bind, password: '', page_dir: '' } as Parameters<typeof createServer>[0]);
    expect(make, bind).toThrow(UsageError);
  }
});

test('with a password nothing is told to strangers but whether it works', async () => {
  const { ask, core } = await start({ password: 'correct horse' });
  core.advance();
  for (const path of ['/api/state', '/api/events', '/api/keys/temperature/history', '/metrics']) {
    expectProblem(await ask(path), 401, /has a password/);
  }
  expectProblem(await ask('/api/reload', { method: 'POST', headers: JSON_TYPE, body: '{}' }), 401, /has a password/);
  expect(JSON.parse((await ask('/healthz')).text)).toEqual({ ok: true });
  const start_ = await ask('/');
  expect([start_.status, start_.headers.location]).toEqual([303, '/login']);
  const authorization = `Basic ${Buffer.from('any:correct horse').toString('base64')}`;
  expect((await ask('/api/state', { headers: { authorization } })).status).toBe(200);
  expect((await ask('/metrics', { headers: { authorization } })).text).toContain('lvs_cycles_total');
});

test('a log-in gives a cookie that holds, and guessing is slowed down', async () => {
  const { ask } = await start({ password: 'correct horse' });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const logIn = (word: string): Promise<Answer> => ask('/login', { method: 'POST', headers, body: `password=${word}` });
  const given = await logIn('correct+horse');
  expect([given.status, given.headers.location]).toEqual([303, '/']);
  const cookie = given.headers['set-cookie']?.[0] ?? '';
  expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
  const [pair] = cookie.split(';');
  expect((await ask('/', { headers: { cookie: pair } })).status).toBe(200);
  expect((await ask('/', { headers: { cookie: `${pair}x` } })).status).toBe(303);
  expect((await ask('/', { headers: { cookie: pair.replace(/=\d/, '=9') } })).status).toBe(303);
  for (let i = 0; i < 5; i++) expect((await logIn('wrong')).status).toBe(401);
  const late = await logIn('correct+horse');
  expect(late.status).toBe(429);
  expect(Number(late.headers['retry-after'])).toBeGreaterThan(0);
  expect((await ask('/', { headers: { cookie: pair } })).status).toBe(200);
});

test('behind a proxy that is known who guesses passwords holds up nobody else', async () => {
  const { ask } = await start({ password: 'correct horse', proxies: ['127.0.0.1'] });
  const statusOf = async (visitor: string, word: string): Promise<number> => {
    const authorization = `Basic ${Buffer.from(`any:${word}`).toString('base64')}`;
    return (await ask('/metrics', { headers: { authorization, 'x-forwarded-for': visitor } })).status;
  };
  // What stands before the address that the proxy names anyone can write.
  for (let i = 0; i < 5; i++) expect(await statusOf(`10.0.0.${i}, 10.0.0.7`, 'wrong')).toBe(401);
  expect(await statusOf('10.0.0.9, 10.0.0.7', 'correct horse')).toBe(429);
  expect(await statusOf('10.0.0.7, 10.0.0.9', 'correct horse')).toBe(200);
});

test('who is no proxy cannot pass for another', async () => {
  const { ask } = await start({ password: 'correct horse' });
  const headers = (i: number) => ({ authorization: 'Basic eDp5', 'x-forwarded-for': `10.0.0.${i}` });
  for (let i = 0; i < 5; i++) expect((await ask('/api/state', { headers: headers(i) })).status).toBe(401);
  expect((await ask('/api/state', { headers: headers(9) })).status).toBe(429);
});

test('a name that a web site lets stand for loopback is refused', async () => {
  const { ask } = await start();
  expectProblem(await ask('/', { headers: { host: 'evil.example:8080' } }), 403, /evil\.example/);
  expect((await ask('/', { headers: { host: 'localhost:8080' } })).status).toBe(200);
});

test('what is no request is told so, and harms nothing', async () => {
  const { server, ask } = await start();
  const { port } = server.address;
  expect(await rawAsk(port, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*not an HTTP request/);
  expect(await rawAsk(port, `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  expect(await rawAsk(port, 'GET http://a b/ HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  const close = 'host: localhost\r\nconnection: close\r\n\r\n';
  expect(await rawAsk(port, `GET //evil HTTP/1.1\r\n${close}`)).toMatch(/^HTTP\/1\.1 404 /);
  expect(await rawAsk(port, `GET /../../etc/passwd HTTP/1.1\r\n${close}`)).toMatch(/^HTTP\/1\.1 404 /);
  expect(await rawAsk(port, `OPTIONS * HTTP/1.1\r\n${close}`)).toMatch(/^HTTP\/1\.1 400 /);
  expectProblem(await ask('/nothing'), 404, /no \/nothing/);
  expect((await ask('/healthz')).status).toBe(200);
});

test('files of the page are packed, kept for good when hashed, and held to their own origin', async () => {
  const { ask } = await start();
  const script = await ask('/assets/main-abc.js', { headers: { 'accept-encoding': 'gzip, br' } });
  expect(script.headers['content-encoding']).toBe('br');
  expect(script.headers['cache-control']).toMatch(/immutable/);
  expect(script.text).toBe('brotli');
  expect((await ask('/assets/main-abc.js', { headers: { 'accept-encoding': 'br;q=0' } })).text).toBe('plain');
  const html = await ask('/');
  expect(html.headers['cache-control']).toBe('no-cache');
  expect(html.headers['content-security-policy']).toContain("default-src 'none'");
  const again = await ask('/', { headers: { 'if-none-match': html.headers.etag ?? '' } });
  expect([again.status, again.text]).toEqual([304, '']);
  expect((await ask('/', { method: 'HEAD' })).text).toBe('');
});

test('a fault inside is a sentence outside, and the core hears of it', async () => {
  const { ask, faults } = await start({ metrics: () => Promise.reject(new Error('secret place')) });
  const answer = await ask('/metrics');
  expectProblem(answer, 500, /could not answer/);
  expect(answer.text).not.toContain('secret');
  expect(faults).toHaveLength(1);
});

test('a page that was not built, a reload that fails, a port that is taken: each is said', async () => {
  const { ask, server } = await start({
    page_dir: '/nowhere',
    reload: () => Promise.resolve({ problems: ['gateway.yaml:3: no such key'] }),
  });
  expectProblem(await ask('/'), 503, /not been built/);
  const reload = await ask('/api/reload', { method: 'POST', headers: JSON_TYPE, body: '{}' });
  expect([reload.status, JSON.parse(reload.text)]).toEqual([
    422,
    { reloaded: false, problems: ['gateway.yaml:3: no such key'] },
  ]);
  await expect(start({ port: server.address.port })).rejects.toThrow(/another program does/);
});
