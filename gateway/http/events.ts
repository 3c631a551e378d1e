/**
 * `/api/events`: each snapshot to everyone who listens, as server-sent events. A client that knows the last event gets
 * what it missed, everyone else a whole snapshot first. What a client does not read is kept up to a bound; beyond it the
 * client is let go, and comes back by itself.
 */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Snapshot } from '../view.ts';
import { changesOf } from './changes.ts';
import { Problem } from './problem.ts';
import type { Exchange } from './respond.ts';

/** Browsers open six connections to one host; this is many people, and a bounded number of sockets. */
export const CLIENTS_MAX = 64;
/** A whole snapshot of 20 keys and 64 peers is 130 KB: some cycles of a client that hangs. */
export const CLIENT_BUFFER_BYTES_MAX = 1 << 20;
/** What a client may have missed: a minute of cycles, or this much text. */
const KEPT_EVENTS_MAX = 60;
const KEPT_BYTES_MAX = 1 << 20;
/** Tells the page that the gateway lives, and the gateway that the page does. */
const HEARTBEAT_MS = 5000;
const RETRY_MS = 1000;

interface KeptEvent {
  number: number;
  text: string;
}

function eventText(name: string, id: string, data: unknown): string {
  return `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
}

export class EventStream {
  readonly #clients = new Set<ServerResponse>();
  /** Numbers start anew with the process, so an id of another run must not match. */
  readonly #run = randomBytes(4).toString('hex');
  readonly #now_ms: () => number;
  #kept: KeptEvent[] = [];
  #keptBytes = 0;
  #latest: Snapshot | null = null;
  #number = 0;
  #timer: NodeJS.Timeout | null = null;

  readonly #password: boolean;

  /** @param password whether one is set: the page then offers to log out */
  constructor(password: boolean, now_ms: () => number = Date.now) {
    this.#password = password;
    this.#now_ms = now_ms;
  }

  get clients(): number {
    return this.#clients.size;
  }

  open(): void {
    this.#timer = setInterval(() => {
      this.#toAll(`event: heartbeat\ndata: ${JSON.stringify({ time_ms: this.#now_ms() })}\n\n`);
    }, HEARTBEAT_MS);
    this.#timer.unref();
  }

  take(snapshot: Snapshot): void {
    const before = this.#latest;
    this.#latest = snapshot;
    this.#number++;
    if (before === null) {
      this.#toAll(this.#whole(snapshot));
      return;
    }
    const text = eventText('change', this.#id(this.#number), changesOf(before, snapshot));
    this.#keep({ number: this.#number, text });
    this.#toAll(text);
  }

  /** @throws Problem 503 when there are too many clients */
  add({ request, response }: Exchange): void {
    if (this.#clients.size >= CLIENTS_MAX) {
      throw new Problem(
        503,
        { what: `${CLIENTS_MAX} clients listen already`, allowed: `${CLIENTS_MAX} at a time`, next: 'try again later' },
        { 'retry-after': '10' },
      );
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    request.socket.setNoDelay(true);
    response.on('close', () => this.#clients.delete(response));
    this.#clients.add(response);
    const hello = `retry: ${RETRY_MS}\nevent: hello\ndata: ${JSON.stringify({ password: this.#password })}\n\n`;
    this.#to(response, `${hello}${this.#missed(String(request.headers['last-event-id'] ?? ''))}`);
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    for (const client of this.#clients) client.end();
    this.#clients.clear();
  }

  #id(number: number): string {
    return `${this.#run}-${number}`;
  }

  #whole(snapshot: Snapshot): string {
    return eventText('snapshot', this.#id(this.#number), snapshot);
  }

  #missed(lastId: string): string {
    if (this.#latest === null) return '';
    const [run, number] = lastId.split('-');
    const last = run === this.#run ? Number(number) : NaN;
    const oldest = this.#kept[0]?.number ?? this.#number + 1;
    if (!(last >= oldest - 1 && last <= this.#number)) return this.#whole(this.#latest);
    return this.#kept
      .filter((event) => event.number > last)
      .map(({ text }) => text)
      .join('');
  }

  #keep(event: KeptEvent): void {
    this.#kept.push(event);
    this.#keptBytes += event.text.length;
    while (this.#kept.length > KEPT_EVENTS_MAX || (this.#keptBytes > KEPT_BYTES_MAX && this.#kept.length > 0)) {
      this.#keptBytes -= this.#kept.shift()?.text.length ?? 0;
    }
  }

  #toAll(text: string): void {
    for (const client of this.#clients) this.#to(client, text);
  }

  #to(client: ServerResponse, text: string): void {
    client.write(text);
    if (client.writableLength <= CLIENT_BUFFER_BYTES_MAX) return;
    this.#clients.delete(client);
    client.destroy();
  }
}
