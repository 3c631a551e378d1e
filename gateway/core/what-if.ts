/** What if the network were worse: throws away a share of the datagrams that come in, for a limited time. */

export const LOSS_MAX_S = 600;

export interface WhatIfOptions {
  /** Since 1970, to be shown. */
  now_ms: () => number;
  /** Milliseconds since any moment: a clock that is set holds nothing up. */
  ticks_ms: () => number;
  /** From 0 up to 1. */
  random: () => number;
}

export class WhatIf {
  /** Datagrams thrown away since the start. */
  dropped = 0;
  readonly #options: WhatIfOptions;
  #loss = 0;
  /** Since 1970, and by `ticks_ms`. */
  #until_ms = 0;
  #end_ms = 0;

  constructor(options: WhatIfOptions) {
    this.#options = options;
  }

  /**
   * @param loss 0 to 1; 0 ends what runs
   * @param seconds 1 to 600
   * @throws RangeError for anything else
   */
  set(loss: number, seconds: number): void {
    if (!(loss >= 0 && loss <= 1)) throw new RangeError(`loss is ${loss}; it must be a number from 0 to 1`);
    if (loss > 0 && !(seconds >= 1 && seconds <= LOSS_MAX_S)) {
      throw new RangeError(`seconds is ${seconds}; it must be a number from 1 to ${LOSS_MAX_S}`);
    }
    this.#loss = loss;
    this.#until_ms = this.#options.now_ms() + 1000 * seconds;
    this.#end_ms = this.#options.ticks_ms() + 1000 * seconds;
  }

  /** Whether this datagram is lost. */
  loses(): boolean {
    if (this.#loss === 0 || this.active() === null) return false;
    if (this.#options.random() >= this.#loss) return false;
    this.dropped++;
    return true;
  }

  active(): { loss: number; until_ms: number } | null {
    if (this.#loss > 0 && this.#options.ticks_ms() >= this.#end_ms) this.#loss = 0;
    return this.#loss === 0 ? null : { loss: this.#loss, until_ms: this.#until_ms };
  }
}
