/** What the commands need of the simulator: a world for a scenario, made of the built firmware. */
import { reckonNode } from './memory/reckon.ts';
import type { NodeMemory } from './memory/reckon.ts';
import { loadBundle } from './world/bundle.ts';
import type { Bundle } from './world/bundle.ts';
import type { Scenario } from './world/scenario.ts';
import { createWorld } from './world/world.ts';
import type { Data, World } from './world/world.ts';
import { XsNodes } from './xs/nodes.ts';
import { xsWorkerPath } from './xs/worker-path.ts';

/** What runs the firmware: this Node.js, or the device's own engine in a process beside it. */
export const ENGINES = ['node', 'xs'] as const;
export type EngineName = (typeof ENGINES)[number];

export interface Engine {
  /** Of the firmware bundle that every node runs. */
  sha256: string;
  createWorld(scenario: Scenario, data: Data): World;
  /** What a node of this scenario takes on a chip. */
  memory(scenario: Scenario): NodeMemory;
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

/** The machine ends with this process; a world has no end of its own. */
function createXsWorld(bundle: Bundle, scenario: Scenario, data: Data): World {
  return createWorld(bundle, scenario, data, new XsNodes(bundle.code).create);
}

export async function loadEngine(name: EngineName = 'node'): Promise<Engine> {
  // A missing engine is told before anything else is begun.
  if (name === 'xs') xsWorkerPath();
  const bundle = await loadBundle();
  const create = name === 'xs' ? createXsWorld : createWorld;
  return {
    sha256: bundle.sha256,
    createWorld: (scenario, data) => sayingWhere(create(bundle, scenario, data), scenario),
    memory: (scenario) => reckonNode(bundle, scenario),
  };
}
