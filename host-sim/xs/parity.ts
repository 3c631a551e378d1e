/** Runs a scenario on Node.js and in XS side by side and tells whether every node's state was the same after every cycle. */
import type { Bundle } from '../world/bundle.ts';
import type { Scenario } from '../world/scenario.ts';
import { createWorld } from '../world/world.ts';
import type { Data } from '../world/world.ts';
import type { Summary } from '../world/report.ts';
import { XsNodes } from './nodes.ts';

export interface Difference {
  cycle: number;
  node: number;
}

export interface Parity {
  /** The first place where the states differ; null when none does. */
  difference: Difference | null;
  node: Summary;
  xs: Summary;
}

/** @param programs the folder of build/xs/, where it is not beside the program's own */
export function compareEngines(bundle: Bundle, scenario: Scenario, data: Data, programs?: string): Parity {
  const here = createWorld(bundle, scenario, data);
  const nodes = new XsNodes(bundle.code, programs);
  try {
    const there = createWorld(bundle, scenario, data, nodes.create);
    let difference: Difference | null = null;
    for (let cycle = 1; cycle <= scenario.cycles && difference === null; cycle++) {
      const expected = here.step().node_digests;
      const got = there.step().node_digests;
      const node = expected.findIndex((digest, i) => digest !== got[i]);
      if (node >= 0) difference = { cycle, node };
    }
    return { difference, node: here.summary(), xs: there.summary() };
  } finally {
    nodes.close();
  }
}
