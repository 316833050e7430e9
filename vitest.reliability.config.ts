import { defineConfig } from 'vitest/config';

/** The long tests: real processes, real kills. One file after the other, for each wants the whole machine. */
export default defineConfig({
  test: {
    include: ['test/reliability/*.test.ts'],
    globalSetup: ['test/support/servers.ts'],
    fileParallelism: false,
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
  },
});
