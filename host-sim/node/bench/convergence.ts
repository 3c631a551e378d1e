/** How fast a swarm of processes agrees over a lossy network. */
import { Swarm } from '../../swarm/swarm.ts';
import { sleep } from './members.ts';
import type { BenchOptions, Rows } from './rows.ts';

/** Eight processes, 60 % lost: cycles to 1 % beside the simulator's. */
export async function* convergence({ runs, seed }: BenchOptions): Rows {
  for (const transport of ['udp', 'tcp'] as const) {
    const cycles: number[] = [];
    for (let run = 0; run < runs; run++) {
      const flags = { nodes: 8, loss: 0.6, transport, key_file: undefined, private: false, cycle_ms: 500, cycles: 40 };
      const options = { ...flags, help: '', port: 0, seed: seed + run, json: true };
      const swarm = new Swarm(
        options,
        () => performance.now(),
        () => undefined,
      );
      await swarm.start();
      while (swarm.report().cycle < options.cycles) await sleep(options.cycle_ms);
      cycles.push(swarm.report().cycles_to_1pct ?? Infinity);
      await swarm.end();
    }
    cycles.sort((a, b) => a - b);
    yield {
      part: 'convergence',
      what: `8 processes, 60 % lost, ${transport}: cycles to 1 %`,
      figure: `${cycles[cycles.length >> 1]}, worst ${cycles[cycles.length - 1]} of ${runs}`,
      asked: "twice the simulator's 6 (worst 9)",
    };
  }
}
