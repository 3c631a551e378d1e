/** What is refused on the medium, counted by reason, and told once a source and a while. */

import type { MqttEvent, Timing } from '../mqtt/options.ts';
import { Teller } from '../mqtt/teller.ts';

/** Each with the words for the log; docs/federation.md explains them. */
export const REFUSALS = {
  rate: 'more messages than are looked at',
  topic: 'a topic that is none of a gateway',
  retained: 'a message that the broker had kept, so of unknown age',
  size: 'a message of a size that none has',
  format: 'no message of this version',
  signature: 'signed with another key, or for another topic',
  clock: 'its clock and the one here are further apart than the federation allows',
  replay: 'a message that has come before',
  site: 'its topic names another site than what is in it',
  session: 'its topic names another session than what is in it',
  seal: 'sealed with another swarm key',
  claims: 'nothing said of a site',
  weight: 'speaks for more sensors than a site may; counted with as many as it may',
  full: 'more gateways than are counted',
  node: 'refused by the node',
} as const;

export type Refusal = keyof typeof REFUSALS;

const TELL_AGAIN_MS = 600_000;
const SUBJECTS_MAX = 256;

export class Refusals {
  readonly counts: Record<Refusal, number>;
  readonly #teller: Teller;
  readonly #onEvent: (event: MqttEvent) => void;

  constructor(timing: Timing, onEvent: (event: MqttEvent) => void) {
    this.counts = Object.fromEntries(Object.keys(REFUSALS).map((reason) => [reason, 0])) as Record<Refusal, number>;
    this.#teller = new Teller(timing, TELL_AGAIN_MS, SUBJECTS_MAX);
    this.#onEvent = onEvent;
  }

  /** @param who the site that the topic names, or the topic */
  note(reason: Refusal, who: string, detail = ''): void {
    this.counts[reason]++;
    this.#teller.note(`${reason} ${who}`, (silent) => {
      const words = detail === '' ? REFUSALS[reason] : `${REFUSALS[reason]} (${detail})`;
      const since = silent > 0 ? `; ${silent} more since the last such line` : '';
      this.#onEvent({
        name: 'federation-refused',
        level: 'warning',
        text: `federation, ${who}: ${words}${since}`,
        detail: { reason, who, count: this.counts[reason] },
      });
    });
  }
}
