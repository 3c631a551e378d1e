import { defineConfig } from 'vitest/config';

/** Runs whole swarms for many cycles over fresh seeds, so it has minutes where the others have seconds. */
const ACCEPTANCE = 'test/acceptance/**/*.test.ts';

/**
 * Real processes on real sockets, in real time. They wait more than they work, and what they wait for comes late on a
 * machine that is busy with the others: so they run when those are done, and once more where one fails.
 */
const REAL_TIME = [
  'test/host-sim/node/**/*.test.ts',
  'test/host-sim/swarm/**/*.test.ts',
  'test/tools/compliance/**/*.test.ts',
  'test/gateway/{core,demo,federation,mqtt,page}/**/*.test.ts',
];

export default defineConfig({
  test: {
    globalSetup: ['test/setup/temporary.ts', 'test/setup/build.ts'],
    pool: 'forks',
    // By itself vitest leaves one core idle, which on two cores is half of them.
    maxWorkers: '100%',
    // The test that a steady cycle allocates nothing has to empty the heap before it measures.
    execArgv: ['--expose-gc'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [ACCEPTANCE, ...REAL_TIME],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'real-time',
          include: REAL_TIME,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          retry: 1,
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'acceptance',
          include: [ACCEPTANCE],
          testTimeout: 1_200_000,
          hookTimeout: 1_200_000,
        },
      },
    ],
  },
});
