/** The vitals port: charge and load, from which the node decides on low power. */

import { NONE, type VitalsPort } from '../../platform.ts';
import type { Battery } from './battery.ts';
import type { LoadMeter } from './load.ts';

export interface VitalsOptions {
  battery: Battery | null;
  load: LoadMeter;
}

export class Vitals implements VitalsPort {
  readonly #options: VitalsOptions;

  constructor(options: VitalsOptions) {
    this.#options = options;
  }

  battery(): number {
    return this.#options.battery?.charge() ?? NONE;
  }

  load(): number {
    return this.#options.load.load();
  }
}
