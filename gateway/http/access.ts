/**
 * Who may read: everyone where there is no password, else who sends it (HTTP Basic, for programs) or has logged in (a
 * cookie, for browsers). The cookie is signed with a key made of the password, so that a log-in survives a restart of the
 * gateway, nothing is kept here, and a new password ends every session.
 */
import { createHash, createHmac, scryptSync, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { plainAddress } from '../../host-sim/node-platform/address.ts';
import { Problem } from './problem.ts';
import { Throttle } from './throttle.ts';

const SESSION_S = 30 * 86_400;

/** Texts of any length are compared in the same time. */
function same(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

export class Access {
  readonly #password: string | null;
  /** Costly on purpose: who steals a cookie does not get the password from it by trying. */
  readonly #key: Buffer;
  readonly #throttle = new Throttle();
  readonly #proxies: readonly string[];
  readonly #now_ms: () => number;

  constructor(password: string | null, proxies: readonly string[], now_ms: () => number = Date.now) {
    this.#password = password;
    this.#proxies = proxies.map(plainAddress);
    this.#key = password === null ? Buffer.alloc(0) : scryptSync(password, 'lvs-node gateway session', 32);
    this.#now_ms = now_ms;
  }

  get needed(): boolean {
    return this.#password !== null;
  }

  /** @throws Problem 429 for an address that failed too often; a wrong Basic password counts as a failure */
  allowed(request: IncomingMessage): boolean {
    if (!this.needed) return true;
    if (this.#cookieHolds(request)) return true;
    const [scheme = '', word = ''] = (request.headers.authorization ?? '').split(' ');
    if (scheme.toLowerCase() !== 'basic') return false;
    const pair = Buffer.from(word, 'base64').toString('utf8');
    return this.logIn(request, pair.slice(pair.indexOf(':') + 1));
  }

  /** @throws Problem 429 */
  logIn(request: IncomingMessage, password: string): boolean {
    const address = this.#visitor(request);
    const wait_ms = this.#throttle.wait_ms(address, this.#now_ms());
    if (wait_ms > 0) throw tooOften(Math.ceil(wait_ms / 1000));
    if (this.#password !== null && same(password, this.#password)) {
      this.#throttle.succeeded(address);
      return true;
    }
    this.#throttle.failed(address, this.#now_ms());
    return false;
  }

  /** Who asks: of those whom a proxy names the last that is no proxy itself, for what stands before it anyone can write. */
  #visitor(request: IncomingMessage): string {
    const forwarded = String(request.headers['x-forwarded-for'] ?? '').split(',');
    const hops = [...forwarded, request.socket.remoteAddress ?? ''].map((hop) => plainAddress(hop.trim()));
    return hops.findLast((hop) => !this.#proxies.includes(hop)) ?? '';
  }

  /** The value of `set-cookie` for a new session. */
  newCookie(request: IncomingMessage): string {
    const until_s = Math.floor(this.#now_ms() / 1000) + SESSION_S;
    return `${cookieName(request)}=${until_s}.${this.#sign(until_s)}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_S}`;
  }

  endCookie(request: IncomingMessage): string {
    return `${cookieName(request)}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`;
  }

  #sign(until_s: number): string {
    return createHmac('sha256', this.#key).update(String(until_s)).digest('base64url');
  }

  #cookieHolds(request: IncomingMessage): boolean {
    const start = `${cookieName(request)}=`;
    const cookies = (request.headers.cookie ?? '').split(';').map((one) => one.trim());
    const value = cookies.find((one) => one.startsWith(start))?.slice(start.length) ?? '';
    const [until = '', signature = ''] = value.split('.');
    if (!/^\d{1,12}$/.test(until)) return false;
    return same(signature, this.#sign(Number(until))) && Number(until) * 1000 > this.#now_ms();
  }
}

/** Browsers do not tell ports apart for cookies, and one machine may run two gateways. */
function cookieName(request: IncomingMessage): string {
  return `lvs_session_${request.socket.localPort ?? 0}`;
}

function tooOften(wait_s: number): Problem {
  return new Problem(
    429,
    {
      what: 'too many wrong passwords',
      allowed: 'five in a minute from one address',
      next: `wait ${wait_s} s, then try again`,
    },
    { 'retry-after': String(wait_s) },
  );
}
