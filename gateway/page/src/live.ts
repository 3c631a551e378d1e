/**
 * The stream of snapshots. The browser reconnects by itself and says what it had last; two things it leaves to us: a
 * connection that is dead and does not know it (the heartbeats stop), and an answer that is no stream (a restart behind a
 * proxy, a password that changed).
 */
import type { Change } from '../../http/changes.ts';
import type { Snapshot } from '../../view.ts';
import { applyChange } from './state.ts';

/** Three heartbeats of the server. */
const SILENCE_MS = 15_000;
const RETRY_MS = 2000;

export interface Listener {
  snapshot: (snapshot: Snapshot) => void;
  /** Whether the gateway answers just now. */
  live: (live: boolean) => void;
  /** Whether one can log out. */
  password: (set: boolean) => void;
}

/** `data` of a server-sent event; the server is our own, and its shape is tested there. */
function dataOf(event: Event): unknown {
  return JSON.parse((event as MessageEvent<string>).data);
}

export class Live {
  readonly #listener: Listener;
  #source: EventSource | null = null;
  #snapshot: Snapshot | null = null;
  #heard_ms = 0;
  #retry = 0;

  constructor(listener: Listener) {
    this.#listener = listener;
    setInterval(() => this.#watch(), 1000);
    // A phone that wakes up: what is there is old, and waiting for the watch would show it for a while.
    document.addEventListener('visibilitychange', () => this.#watch());
  }

  open(): void {
    this.#source?.close();
    clearTimeout(this.#retry);
    this.#heard_ms = performance.now();
    const source = new EventSource('/api/events');
    this.#source = source;
    source.addEventListener('hello', (event) => {
      this.#listener.password((dataOf(event) as { password: boolean }).password);
    });
    source.addEventListener('snapshot', (event) => this.#took(dataOf(event) as Snapshot));
    source.addEventListener('change', (event) => {
      if (this.#snapshot !== null) this.#took(applyChange(this.#snapshot, dataOf(event) as Change));
    });
    source.addEventListener('heartbeat', () => this.#heard());
    source.addEventListener('open', () => this.#heard());
    source.addEventListener('error', () => this.#failed(source));
  }

  #heard(): void {
    this.#heard_ms = performance.now();
    this.#listener.live(true);
  }

  #took(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    this.#heard();
    this.#listener.snapshot(snapshot);
  }

  #watch(): void {
    if (this.#source?.readyState === EventSource.OPEN && performance.now() - this.#heard_ms > SILENCE_MS) {
      this.#listener.live(false);
      this.open();
    }
  }

  #failed(source: EventSource): void {
    this.#listener.live(false);
    if (source.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#again(), RETRY_MS);
  }

  async #again(): Promise<void> {
    try {
      const { status } = await fetch('/api/state');
      if (status === 401) location.assign('/login');
    } catch {
      // Not there yet: opening fails too, and comes back here.
    }
    this.open();
  }
}
