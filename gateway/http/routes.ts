/** The paths that there are, and what each answers. */
import type { Access } from './access.ts';
import { readForm, readJson } from './body.ts';
import type { EventStream } from './events.ts';
import { type PageFiles, sendFile } from './files.ts';
import type { Condition, PageOptions } from './options.ts';
import { Problem, SEE_DOCS } from './problem.ts';
import { historyQuery, whatIfQuery } from './queries.ts';
import { type Exchange, redirect, sendJson, sendText } from './respond.ts';

export interface Inside {
  options: PageOptions;
  access: Access;
  events: EventStream;
  files: PageFiles;
  now_ms: () => number;
}

interface Route {
  method: 'GET' | 'POST';
  path: RegExp;
  /** What who has not logged in gets: the answer, the log-in page, or 401. */
  strangers: 'answer' | 'log-in' | 'refuse';
  /** @param name what the path's group holds, decoded */
  answer: (inside: Inside, exchange: Exchange, name: string) => void | Promise<void>;
}

export const ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/$/,
    strangers: 'log-in',
    answer: (inside, exchange) => file(inside, exchange, '/index.html'),
  },
  { method: 'GET', path: /^\/login$/, strangers: 'answer', answer: logInPage },
  { method: 'POST', path: /^\/login$/, strangers: 'answer', answer: logIn },
  { method: 'POST', path: /^\/logout$/, strangers: 'answer', answer: logOut },
  { method: 'GET', path: /^\/api\/state$/, strangers: 'refuse', answer: state },
  { method: 'GET', path: /^\/api\/keys\/([^/]+)\/history$/, strangers: 'refuse', answer: history },
  {
    method: 'GET',
    path: /^\/api\/events$/,
    strangers: 'refuse',
    answer: ({ events }, exchange) => events.add(exchange),
  },
  { method: 'POST', path: /^\/api\/what-if$/, strangers: 'refuse', answer: whatIf },
  { method: 'POST', path: /^\/api\/reload$/, strangers: 'refuse', answer: reload },
  { method: 'GET', path: /^\/metrics$/, strangers: 'refuse', answer: metrics },
  {
    method: 'GET',
    path: /^\/healthz$/,
    strangers: 'answer',
    answer: ({ options, access }, exchange) => condition(exchange, options.health(), access.allowed(exchange.request)),
  },
  {
    method: 'GET',
    path: /^\/readyz$/,
    strangers: 'answer',
    answer: ({ options, access }, exchange) => condition(exchange, options.ready(), access.allowed(exchange.request)),
  },
  {
    // Nothing secret, and the log-in page needs it.
    method: 'GET',
    path: /^\/(assets\/[\w.-]+|[\w-]+\.(?:js|svg))$/,
    strangers: 'answer',
    answer: (inside, exchange) => file(inside, exchange, exchange.url.pathname),
  },
];

function file({ files }: Inside, exchange: Exchange, name: string): void {
  const found = files.get(name);
  if (found !== undefined) {
    sendFile(exchange, found);
    return;
  }
  if (files.size > 0)
    throw new Problem(404, { what: `there is no ${name.slice(0, 80)}`, allowed: '/', next: 'open / ' });
  throw new Problem(503, {
    what: 'the page has not been built',
    allowed: 'the interface under /api works without it',
    next: 'run `npm run build:page`, then start the gateway again',
  });
}

const MESSAGE_PLACE = '<!--message-->';

function logInText({ files }: Inside, message: string): string {
  const html = files.get('/login.html')?.plain.toString('utf8') ?? '';
  return html.replace(MESSAGE_PLACE, message === '' ? '' : `<p class="login-fault" role="alert">${message}</p>`);
}

async function logInPage(inside: Inside, exchange: Exchange): Promise<void> {
  if (inside.access.allowed(exchange.request)) {
    redirect(exchange, '/');
    return;
  }
  await sendText(exchange, 200, 'text/html; charset=utf-8', logInText(inside, ''));
}

async function logIn(inside: Inside, exchange: Exchange): Promise<void> {
  const { access } = inside;
  const form = await readForm(exchange.request);
  const refuse = (status: number, message: string): Promise<void> =>
    sendText(exchange, status, 'text/html; charset=utf-8', logInText(inside, message));
  try {
    if (access.logIn(exchange.request, form.get('password') ?? '')) {
      redirect(exchange, '/', access.needed ? { 'set-cookie': access.newCookie(exchange.request) } : {});
      return;
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    exchange.response.setHeader('retry-after', error.headers['retry-after'] ?? '60');
    await refuse(error.status, `Too many wrong passwords: ${error.text.next}.`);
    return;
  }
  await refuse(401, 'That is not the password. It is the one in the gateway&#8217;s configuration.');
}

function logOut({ access }: Inside, exchange: Exchange): void {
  redirect(exchange, '/login', { 'set-cookie': access.endCookie(exchange.request) });
}

async function state({ options }: Inside, exchange: Exchange): Promise<void> {
  const snapshot = options.snapshots.latest();
  if (snapshot === null) {
    const text = {
      what: 'the node has not run a cycle yet',
      allowed: 'a snapshot each cycle',
      next: 'ask again in a second',
    };
    throw new Problem(503, text, { 'retry-after': '1' });
  }
  await sendJson(exchange, 200, snapshot);
}

async function history({ options, now_ms }: Inside, exchange: Exchange, name: string): Promise<void> {
  const { from_ms, to_ms, points } = historyQuery(exchange.url.searchParams, now_ms());
  const columns = await options.history.query(name, from_ms, to_ms, points);
  if (columns === null) {
    const names = (options.snapshots.latest()?.keys ?? []).map((key) => key.name);
    throw new Problem(404, {
      what: `there is no key "${name.slice(0, 80)}"`,
      allowed: names.length === 0 ? 'the keys of the configuration' : names.join(', '),
      next: '/api/state lists the keys',
    });
  }
  await sendJson(exchange, 200, { key: name, from_ms, to_ms, ...columns });
}

async function whatIf({ options, now_ms }: Inside, exchange: Exchange): Promise<void> {
  const { loss, seconds } = whatIfQuery(await readJson(exchange.request));
  await options.whatIf(loss, seconds);
  const what_if = loss === 0 ? null : { loss, until_ms: Math.round(now_ms() + seconds * 1000) };
  await sendJson(exchange, 202, { what_if });
}

async function reload({ options }: Inside, exchange: Exchange): Promise<void> {
  await readJson(exchange.request);
  const { problems } = await options.reload();
  await sendJson(exchange, problems.length === 0 ? 200 : 422, { reloaded: problems.length === 0, problems });
}

async function metrics({ options }: Inside, exchange: Exchange): Promise<void> {
  await sendText(exchange, 200, 'text/plain; version=0.0.4; charset=utf-8', await options.metrics());
}

/** A stranger learns whether it works, which a probe needs, and nothing of what it is. */
async function condition(exchange: Exchange, found: Condition, known: boolean): Promise<void> {
  await sendJson(exchange, found.ok ? 200 : 503, known ? found : { ok: found.ok });
}

/** @throws Problem 404 or 405 */
export function findRoute(method: string, path: string): { route: Route; name: string } {
  const fitting = ROUTES.filter((route) => route.path.test(path));
  const allowed = fitting.map((route) => (route.method === 'GET' ? 'GET, HEAD' : route.method)).join(', ');
  const route = fitting.find((one) => one.method === (method === 'HEAD' ? 'GET' : method));
  if (route !== undefined) return { route, name: decoded(route.path.exec(path)?.[1] ?? '') };
  if (fitting.length === 0) {
    throw new Problem(404, {
      what: `there is no ${path.slice(0, 80)}`,
      allowed: '/, /api/state and others',
      next: SEE_DOCS,
    });
  }
  throw new Problem(405, { what: `${path} does not take ${method}`, allowed, next: SEE_DOCS }, { allow: allowed });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Problem(400, {
      what: 'the path is not percent-encoded UTF-8',
      allowed: 'a name as encodeURIComponent writes it',
      next: SEE_DOCS,
    });
  }
}
