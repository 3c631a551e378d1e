/** The program of one worker thread: takes scenarios, one at a time, and answers with their summaries. */
import { inspect } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { loadEngine } from '../engine.ts';
import type { Engine } from '../engine.ts';
import { DataFiles } from '../scenario/data.ts';
import { readData } from '../scenario/load.ts';
import type { Summary } from '../world/report.ts';
import type { Scenario } from '../world/scenario.ts';
import type { WorkerReply, WorkerRequest, WorkerSetup } from './pool.ts';

function run(scenario: Scenario, engine: Engine, files: DataFiles): Summary {
  const world = engine.createWorld(scenario, readData(scenario, files));
  for (let cycle = 0; cycle < scenario.cycles; cycle++) world.step();
  return world.summary();
}

const engine = loadEngine();
const files = new DataFiles((workerData as WorkerSetup).data_folder);

async function answer({ index, scenario }: WorkerRequest): Promise<WorkerReply> {
  try {
    return { index, summary: run(scenario, await engine, files) };
  } catch (error) {
    return { index, failure: `${scenario.name}, seed ${scenario.seed}: ${inspect(error)}` };
  }
}

parentPort?.on('message', (request: WorkerRequest) => {
  void answer(request).then((reply) => parentPort?.postMessage(reply));
});
