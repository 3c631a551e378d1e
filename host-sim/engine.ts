/** What the commands need of the simulator: a world for a scenario, made of the built firmware. */
import { loadBundle } from './world/bundle.ts';
import type { Scenario } from './world/scenario.ts';
import { createWorld } from './world/world.ts';
import type { Data, World } from './world/world.ts';

export interface Engine {
  /** Of the firmware bundle that every node runs. */
  sha256: string;
  createWorld(scenario: Scenario, data: Data): World;
}

/** A failure says what to run to see it again: a seed and the bundle replay everything. */
function sayingWhere(world: World, { name, seed }: Scenario): World {
  return {
    get cycle() {
      return world.cycle;
    },
    step() {
      const cycle = world.cycle + 1;
      try {
        return world.step();
      } catch (cause) {
        throw new Error(`the world broke down in cycle ${cycle} of ${name}, seed ${seed}`, { cause });
      }
    },
    summary: () => world.summary(),
  };
}

export async function loadEngine(): Promise<Engine> {
  const bundle = await loadBundle();
  return {
    sha256: bundle.sha256,
    createWorld: (scenario, data) => sayingWhere(createWorld(bundle, scenario, data), scenario),
  };
}
