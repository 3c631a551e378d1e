/**
 * Sleep between cycles, and between tries to join the network. In low-power mode the processor may sleep lightly whenever
 * nothing is to do: the access point keeps broadcasts until the radio's next beacon, so nothing is lost. Where cycles lie
 * far apart, deep sleep takes less, though the chip then starts anew each time.
 */

export type SleepMode = 'none' | 'light' | 'deep';
export const SLEEP_MODES: readonly SleepMode[] = Object.freeze<SleepMode[]>(['none', 'light', 'deep']);

/** Starting and joining take about 3 s at full power: below this, light sleep takes less than deep sleep. */
const DEEP_MIN_MS = 30_000;
/** The time to start and join, so that the node is there when its cycle is due. */
const WAKE_EARLY_MS = 4000;

export interface RestOptions {
  mode: SleepMode;
  allowLightSleep: (allowed: boolean) => void;
  /** Called when deep sleep is worth while: ends the node and does not come back. */
  onDeepSleep: (time_ms: number) => void;
}

export class Rest {
  readonly #options: RestOptions;
  #light = false;

  constructor(options: RestOptions) {
    this.#options = options;
  }

  /** After each run, and each try that failed: whether power is low, and how long there is nothing to do. */
  rest(low: boolean, wait_ms: number): void {
    const { mode, allowLightSleep, onDeepSleep } = this.#options;
    if (mode === 'none') return;
    if (low && mode === 'deep' && wait_ms >= DEEP_MIN_MS) {
      onDeepSleep(wait_ms - WAKE_EARLY_MS);
      return;
    }
    if (low === this.#light) return;
    this.#light = low;
    allowLightSleep(low);
  }
}
