/** Writes answers: headers that every one carries, JSON, text, and compression for those that are long. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Problem } from './problem.ts';

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
}

/** Nothing from elsewhere, nothing inline, no frame around it: the page needs no more than its own files. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const ALWAYS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // Not `no-referrer`: with it a browser sends `Origin: null` with the log-in form.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** Below this a packet carries it either way. */
const COMPRESS_FROM_BYTES = 1400;

const gzipped = promisify(gzip);

export function setCommonHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(ALWAYS)) response.setHeader(name, value);
}

/** Whether the client takes this coding; `gzip;q=0` says no. */
export function accepts(request: IncomingMessage, coding: 'br' | 'gzip'): boolean {
  const listed = (request.headers['accept-encoding'] ?? '').toLowerCase();
  return listed.split(',').some((part) => {
    const [name = '', ...settings] = part.split(';').map((one) => one.trim());
    return name === coding && !settings.some((one) => /^q=0(\.0*)?$/.test(one));
  });
}

export async function sendText(
  { request, response }: Exchange,
  status: number,
  type: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  let body = Buffer.from(text);
  response.setHeader('vary', 'accept-encoding');
  if (body.length >= COMPRESS_FROM_BYTES && accepts(request, 'gzip')) {
    body = Buffer.from(await gzipped(body));
    response.setHeader('content-encoding', 'gzip');
  }
  if (response.destroyed || response.headersSent) return;
  response.setHeader('cache-control', 'no-store');
  response.writeHead(status, { 'content-type': type, 'content-length': body.length, ...headers });
  response.end(request.method === 'HEAD' ? undefined : body);
}

export function sendJson(
  exchange: Exchange,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  return sendText(exchange, status, 'application/json; charset=utf-8', `${JSON.stringify(value)}\n`, headers);
}

export function sendProblem(exchange: Exchange, { status, text, headers }: Problem): Promise<void> {
  return sendJson(exchange, status, { error: text }, headers);
}

export function redirect({ response }: Exchange, path: string, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(303, { location: path, 'cache-control': 'no-store', 'content-length': 0, ...headers });
  response.end();
}
