/** The charge of the computer's battery, where Linux tells it (Documentation/ABI/testing/sysfs-class-power). */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BatteryGauge } from '../node-host.ts';

const NONE = -1;
const ONE = 65536;
const FOLDER = '/sys/class/power_supply';
const EVERY_MS = 10_000;

async function text(folder: string, name: string): Promise<string> {
  try {
    return (await readFile(join(folder, name), 'utf8')).trim();
  } catch {
    return '';
  }
}

/** The lowest charge of the computer's own batteries while it lives on them; NONE on mains. */
async function readCharge(folder: string): Promise<number> {
  let lowest = NONE;
  for (const name of await readdir(folder)) {
    const supply = join(folder, name);
    // A mouse has a battery too: its scope is Device.
    const own = (await text(supply, 'type')) === 'Battery' && (await text(supply, 'scope')) !== 'Device';
    if (!own || (await text(supply, 'status')) !== 'Discharging') continue;
    const capacity_pct = await text(supply, 'capacity');
    const charge = capacity_pct === '' ? NaN : Math.round((Number(capacity_pct) / 100) * ONE);
    if (charge >= 0 && charge <= ONE) lowest = lowest === NONE ? charge : Math.min(lowest, charge);
  }
  return lowest;
}

export class Battery implements BatteryGauge {
  readonly #folder: string;
  #charge = NONE;
  #timer: NodeJS.Timeout | undefined;

  constructor(folder = FOLDER) {
    this.#folder = folder;
  }

  async start(): Promise<void> {
    await this.#look();
    this.#timer = setInterval(() => void this.#look(), EVERY_MS);
  }

  async #look(): Promise<void> {
    try {
      this.#charge = await readCharge(this.#folder);
    } catch {
      this.#charge = NONE;
    }
  }

  /** 0 to 65,536; NONE on mains, and where the system does not tell. */
  charge(): number {
    return this.#charge;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
