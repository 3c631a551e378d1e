/** Readings as real sensors give them: a day's curve, an offset of the place, and noise. */
import { KEYS, type SitePlan } from './plan.ts';

/** A day of the demo. Slow enough that the agreed values, some cycles behind, stay close to the sensors. */
const DAY_MS = 360_000;
const MEAN_C = 20;
const SWING_C = 2.5;
const MEAN_PERCENT = 52;
/** Warm air takes more water, so the same water is less of what it could take. */
const PERCENT_PER_C = -2.5;
const NOISE_C = 0.05;
const NOISE_PERCENT = 0.3;
/** How far rooms of one site differ. */
const PLACE_C = 0.8;
const WALK_PPM = 4;
/** How strongly a walk is drawn back to where it began. */
const PULL = 0.02;

export type Uniform = () => number;

/** From -1 to 1. */
function either(uniform: Uniform): number {
  return 2 * uniform() - 1;
}

/** One place of a site with sensors of every key. */
export class Place {
  readonly #site: SitePlan;
  readonly #uniform: Uniform;
  readonly #warmer: number;
  #co2_ppm: number;

  constructor(site: SitePlan, uniform: Uniform) {
    this.#site = site;
    this.#uniform = uniform;
    this.#warmer = site.warmer + PLACE_C * either(uniform);
    this.#co2_ppm = site.co2_ppm + 20 * either(uniform);
  }

  /** A reading of each key of the plan, in its unit; the day begins at its mean and gets warmer. */
  read(since_start_ms: number): number[] {
    const curve = SWING_C * Math.sin((2 * Math.PI * since_start_ms) / DAY_MS);
    const warmer = curve + this.#warmer;
    this.#co2_ppm += WALK_PPM * either(this.#uniform) + PULL * (this.#site.co2_ppm - this.#co2_ppm);
    const readings = {
      temperature: MEAN_C + warmer + NOISE_C * either(this.#uniform),
      humidity: MEAN_PERCENT + PERCENT_PER_C * warmer + NOISE_PERCENT * either(this.#uniform),
      co2: this.#co2_ppm,
    };
    return KEYS.map(({ name }) => readings[name]);
  }
}
