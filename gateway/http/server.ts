/** The gateway's own web server: the page, the interface under /api, and what probes and Prometheus ask. */
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { errorCode, Failure, systemReason, UsageError } from '../../tools/cli/errors.ts';
import { Access } from './access.ts';
import { EventStream } from './events.ts';
import { loadPage } from './files.ts';
import type { PageOptions, PageServer } from './options.ts';
import { checkHost, checkSameOrigin, isLoopbackHost } from './origin.ts';
import { Problem } from './problem.ts';
import { type Exchange, redirect, sendProblem, setCommonHeaders } from './respond.ts';
import { findRoute, type Inside } from './routes.ts';

const HEADER_BYTES_MAX = 8192;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 20_000;
const KEEP_ALIVE_MS = 10_000;
/** Streams, probes and some browsers; what comes beyond is closed at once. */
const CONNECTIONS_MAX = 256;

/**
 * @throws UsageError for an address that others reach, without a password
 */
export function createServer(options: PageOptions): PageServer {
  const password = options.password === '' ? null : options.password;
  if (password === null && !isLoopbackHost(options.bind)) {
    throw new UsageError(
      `the page on ${options.bind} would be open to everyone who reaches it: set a password, or bind it to 127.0.0.1`,
    );
  }
  const inside: Inside = {
    options,
    access: new Access(password, options.proxies ?? []),
    events: new EventStream(password !== null),
    files: loadPage(options.page_dir),
    now_ms: Date.now,
  };
  const server = createHttpServer({
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.on('request', (request, response) => void handle(inside, request, response));
  server.on('clientError', refuseUnreadable);
  return running(server, inside);
}

function running(server: Server, { options, events }: Inside): PageServer {
  let unsubscribe = (): void => undefined;
  return {
    listen: async () => {
      await listening(server, options);
      const first = options.snapshots.latest();
      if (first !== null) events.take(first);
      unsubscribe = options.snapshots.subscribe((snapshot) => {
        events.take(snapshot);
      });
      events.open();
    },
    close: () => {
      unsubscribe();
      events.close();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
    get address() {
      const port = (server.address() as AddressInfo | null)?.port ?? 0;
      const host = isIPv6(options.bind) ? `[${options.bind}]` : options.bind;
      return { host: options.bind, port, url: `http://${host}:${port}` };
    },
  };
}

function listening(server: Server, { bind, port }: PageOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(new Failure(listenReason(error, bind, port)));
    server.once('error', failed);
    server.listen({ host: bind, port }, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

function listenReason(error: Error, bind: string, port: number): string {
  const place = `the page cannot listen on ${bind}, port ${port}`;
  if (errorCode(error) === 'EADDRINUSE') return `${place}: another program does; stop it or choose another port`;
  if (errorCode(error) === 'EACCES') return `${place}: ports below 1024 are not for everyone; choose a higher one`;
  if (errorCode(error) === 'EADDRNOTAVAIL')
    return `${place}: this computer has no such address; \`ip address\` lists them`;
  return `${place}: ${systemReason(error)}`;
}

async function handle(inside: Inside, request: IncomingMessage, response: ServerResponse): Promise<void> {
  setCommonHeaders(response);
  // A client that goes away in the middle is no event.
  response.on('error', () => undefined);
  const exchange: Exchange = { request, response, url: new URL('http://gateway/') };
  try {
    exchange.url = readUrl(request);
    await answer(inside, exchange);
  } catch (error) {
    if (response.headersSent || response.destroyed) response.destroy();
    else await sendProblem(exchange, error instanceof Problem ? error : unexpected(error));
    if (!(error instanceof Problem) && !aborted(error)) inside.options.onFault?.(error);
  }
}

/** The client went away while it was sending. */
function aborted(error: unknown): boolean {
  return errorCode(error) === 'ECONNRESET';
}

async function answer(inside: Inside, exchange: Exchange): Promise<void> {
  const { access } = inside;
  const { request, url } = exchange;
  if (!access.needed) checkHost(request);
  const { route, name } = findRoute(request.method ?? '', url.pathname);
  if (route.method === 'POST') checkSameOrigin(request);
  if (route.strangers !== 'answer' && !access.allowed(request)) {
    if (route.strangers === 'refuse') throw noPassword(url.pathname);
    redirect(exchange, '/login');
    return;
  }
  await route.answer(inside, exchange, name);
}

function readUrl(request: IncomingMessage): URL {
  const path = request.url ?? '/';
  try {
    // A path of `//x` would be read as the host x.
    if (path.startsWith('/')) return new URL(`http://gateway${path}`);
  } catch {
    // Told below, with every other path that cannot be used.
  }
  throw new Problem(400, { what: 'the path cannot be read', allowed: 'a path that starts with /', next: 'open /' });
}

function noPassword(path: string): Problem {
  // `Basic` for a page's own request would open the browser's log-in window; Prometheus and curl send it unasked.
  const scheme = path === '/metrics' ? 'Basic realm="gateway"' : 'Session realm="gateway"';
  return new Problem(
    401,
    {
      what: 'this gateway has a password, and the request does not carry it',
      allowed: 'HTTP Basic with any user name, or the cookie of a log-in',
      next: 'log in at /login, or send the password',
    },
    { 'www-authenticate': scheme },
  );
}

/** Said without a stack: what is inside is nobody's business here. The core hears of it by `onFault`. */
function unexpected(error: unknown): Problem {
  return new Problem(500, {
    what: error instanceof Failure ? error.message : 'the gateway could not answer',
    allowed: 'the same request once the cause is gone',
    next: "look at the gateway's log",
  });
}

/** What is no HTTP, or too long a header: Node.js has not made a response of it. */
function refuseUnreadable(error: Error, socket: Duplex): void {
  if (!socket.writable) return;
  const long = errorCode(error) === 'HPE_HEADER_OVERFLOW';
  const what = long ? `the header is longer than ${HEADER_BYTES_MAX} bytes` : 'this is not an HTTP request';
  const body = `${JSON.stringify({ error: { what, allowed: 'HTTP/1.1', next: 'send it again in that form' } })}\n`;
  const status = long ? '431 Request Header Fields Too Large' : '400 Bad Request';
  const type = 'content-type: application/json; charset=utf-8';
  socket.end(`HTTP/1.1 ${status}\r\n${type}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`);
}
