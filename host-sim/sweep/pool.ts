/** Runs scenarios on worker threads. Which thread runs what changes nothing: a run hangs on its scenario and seed. */
import { Worker } from 'node:worker_threads';
import { Failure } from '../../tools/cli/errors.ts';
import type { Summary } from '../world/report.ts';
import type { Scenario } from '../world/scenario.ts';

export interface WorkerRequest {
  index: number;
  scenario: Scenario;
}

export type WorkerReply = { index: number; summary: Summary } | { index: number; failure: string };

/** What every worker is told once. */
export interface WorkerSetup {
  data_folder: string;
}

export interface PoolOptions {
  /** The worker program. */
  program: string;
  setup: WorkerSetup;
  workers: number;
  onDone(done: number): void;
  signal: AbortSignal;
}

/** The summaries in the order of the jobs, however many workers there are. */
export async function runJobs(jobs: readonly Scenario[], options: PoolOptions): Promise<Summary[]> {
  const summaries = new Array<Summary>(jobs.length);
  const pool: Worker[] = [];
  let next = 0;
  let done = 0;

  const serve = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      const stop = (): void => resolve();
      const give = (): void => {
        if (next >= jobs.length || options.signal.aborted) return resolve();
        const request: WorkerRequest = { index: next, scenario: jobs[next] };
        next++;
        worker.postMessage(request);
      };
      worker.on('message', (reply: WorkerReply) => {
        if ('failure' in reply) return reject(new Failure(reply.failure));
        summaries[reply.index] = reply.summary;
        options.onDone(++done);
        give();
      });
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Failure(`a worker thread ended by itself with code ${code}`)));
      options.signal.addEventListener('abort', stop, { once: true });
      give();
    });

  try {
    for (let i = 0; i < Math.min(options.workers, jobs.length); i++) {
      pool.push(new Worker(options.program, { workerData: options.setup }));
    }
    await Promise.all(pool.map(serve));
    return summaries;
  } finally {
    await Promise.all(pool.map((worker) => worker.terminate()));
  }
}
