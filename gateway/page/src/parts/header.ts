/** Whose page this is, and whether what it shows is of now. */
import type { Snapshot } from '../../../view.ts';
import { byId, setAttribute, setText } from '../dom.ts';
import * as format from '../format.ts';

/** So many cycles without a new one, and at least so long, is no jitter any more. */
const LATE_CYCLES = 4;
const LATE_MS_MIN = 6000;

export class Header {
  readonly #live = byId('live');
  #connected: boolean | null = null;
  #snapshot: Snapshot | null = null;
  #arrived_ms = 0;

  constructor() {
    setInterval(() => this.#showState(), 1000);
  }

  connected(connected: boolean): void {
    this.#connected = connected;
    this.#showState();
  }

  show(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    this.#arrived_ms = performance.now();
    setText(byId('site'), snapshot.site);
    const how = snapshot.sealed ? 'closed with a key' : 'open to everyone on the network';
    setText(byId('swarm'), `Swarm ${snapshot.swarm}, ${how}`);
    if (document.title !== `${snapshot.site} – gateway`) document.title = `${snapshot.site} – gateway`;
    this.#showState();
    this.#showFoot(snapshot);
  }

  #showState(): void {
    const [state, text] = this.#state();
    setAttribute(this.#live, 'data-state', state);
    setText(this.#live, text);
    setAttribute(document.body, 'data-live', state);
  }

  /** The text stays while the state does: a status that changes each second would be read out each second. */
  #state(): [string, string] {
    if (this.#connected === null) return ['connecting', 'connecting'];
    if (!this.#connected) return ['away', 'gateway away, trying again'];
    const snapshot = this.#snapshot;
    if (snapshot === null) return ['connecting', 'waiting for the first cycle'];
    const late_ms = Math.max(LATE_MS_MIN, LATE_CYCLES * snapshot.cycle_ms);
    if (performance.now() - this.#arrived_ms > late_ms) return ['late', 'the node is late'];
    return snapshot.low_power ? ['live', 'live, low power'] : ['live', 'live'];
  }

  #showFoot({ cycle, cycle_ms, time_ms, bytes_per_minute: { sent, received } }: Snapshot): void {
    const cycles = `Cycle ${format.count(cycle)}, one each ${format.count(cycle_ms)} ms`;
    const traffic = `${format.bytes(sent)} sent and ${format.bytes(received)} received a minute`;
    setText(byId('foot'), `${cycles}. ${traffic}. As of ${format.exactTime(time_ms)}.`);
  }
}
