import { defineConfig } from 'vitest/config';

/** Runs whole swarms for many cycles over fresh seeds, so it has minutes where the others have seconds. */
const ACCEPTANCE = 'test/acceptance/**/*.test.ts';

export default defineConfig({
  test: {
    globalSetup: ['test/setup/build.ts'],
    pool: 'forks',
    // The test that a steady cycle allocates nothing has to empty the heap before it measures.
    execArgv: ['--expose-gc'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [ACCEPTANCE],
          testTimeout: 60_000,
          hookTimeout: 60_000,
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
