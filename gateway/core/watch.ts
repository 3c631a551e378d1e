/** Looks at each snapshot for trouble that nobody else tells: a swarm that is gone, peers that are not believed. */
import type { Alarms } from '../ops/alarms.ts';
import type { Snapshot } from '../view.ts';

/** Alone for so long, and somebody should look: a restart of a switch takes less. */
const ALONE_MS = 60_000;
/** Raised below the first, cleared above the second, so that an alarm does not flicker. */
const TRUST_LOW = 0.5;
const TRUST_FINE = 0.65;

export class Watch {
  readonly #alarms: Alarms;
  #alone_since_ms: number | null = null;
  #distrusted = new Set<string>();

  constructor(alarms: Alarms) {
    this.#alarms = alarms;
  }

  look({ time_ms, peers, drops }: Snapshot): void {
    this.#alone(time_ms, peers.length, drops);
    const trust = new Map(peers.map((peer) => [peer.peer, peer.trust]));
    for (const peer of this.#distrusted) {
      if ((trust.get(peer) ?? 1) < TRUST_FINE) continue;
      this.#distrusted.delete(peer);
      this.#alarms.clear(`peer:${peer}`);
    }
    for (const [peer, value] of trust) {
      if (value >= TRUST_LOW) continue;
      this.#distrusted.add(peer);
      const text = `peer ${peer}: the guard lets little of what it says through; look at its sensors`;
      this.#alarms.raise(`peer:${peer}`, 'warning', text);
    }
  }

  #alone(time_ms: number, peers: number, drops: Readonly<Record<string, number>>): void {
    if (peers > 0) {
      this.#alone_since_ms = null;
      this.#alarms.clear('swarm:alone');
      return;
    }
    this.#alone_since_ms ??= time_ms;
    if (time_ms - this.#alone_since_ms < ALONE_MS) return;
    this.#alarms.raise('swarm:alone', 'warning', `no other node of this swarm is heard${aloneReason(drops)}`);
  }
}

/** Why nobody is heard, where the drops tell. */
function aloneReason(drops: Readonly<Record<string, number>>): string {
  if ('seal' in drops || 'flags' in drops) return '; someone here has another key, or none';
  return 'swarm' in drops ? '; someone here has another swarm name, or other keys' : '';
}
