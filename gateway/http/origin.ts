/**
 * Keeps other web sites out of a visitor's browser. A site elsewhere can make the browser send requests here, in two
 * ways: from its own origin (then `Origin` tells), or under a name of its own that it lets stand for 127.0.0.1 (DNS
 * rebinding; then `Host` tells).
 */
import type { IncomingMessage } from 'node:http';
import { isIP, isIPv4 } from 'node:net';
import { Problem } from './problem.ts';

/** Whether only programs of this machine reach it. A name other than localhost may stand for anything. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'));
}

/** The host of `name:port`, without the port; '' when it is no such thing. */
function hostOf(authority: string): string {
  const match = /^(?<host>\[[0-9a-f:.]+\]|[^:[\]/@\s]+)(:\d{1,5})?$/i.exec(authority);
  return match?.groups?.host ?? '';
}

/**
 * Without a password the name in the address bar is the only guard.
 * @throws Problem 403
 */
export function checkHost(request: IncomingMessage): void {
  const host = hostOf(request.headers.host ?? '');
  const address = isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0;
  if (isLoopbackHost(host) || address) return;
  throw new Problem(403, {
    what: `this gateway does not answer to the name "${host}"`,
    allowed: 'localhost, or the address itself, while no password is set',
    next: 'open it as http://localhost, or set a password',
  });
}

/**
 * For requests that change something. Programs that are no browser send neither header.
 * @throws Problem 403
 */
export function checkSameOrigin(request: IncomingMessage): void {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const same = origin === undefined || origin.replace(/^https?:\/\//, '') === host;
  if (same && (site === undefined || site === 'same-origin' || site === 'none')) return;
  throw new Problem(403, {
    what: 'the request comes from another web site',
    allowed: "the gateway's own page, or a program without an Origin header",
    next: "use the gateway's page; behind a proxy, have it pass the Host header on",
  });
}
