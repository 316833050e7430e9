import { configDefaults, defineConfig } from 'vitest/config';

/** These kill processes under load, and mostly wait for others to notice: two at a time, once the others are done. */
const IN_PAIRS = ['test/reliability/mini/{chaos,crash-points,lost-answers}.test.ts'];

/** These measure times: one after the other, when nothing else runs. */
const ALONE = ['test/flows/{pickup,interruptions}.test.ts'];

export default defineConfig({
  test: {
    globalSetup: ['test/support/servers.ts'],
    // Whole-system files start real processes; a slow machine needs the room, a hung one must still end.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'side by side',
          include: ['{apps,packages}/*/src/**/*.test.ts', 'test/**/*.test.ts'],
          // The long forms are npm run test:reliability.
          exclude: [...configDefaults.exclude, 'test/reliability/*.test.ts', ...IN_PAIRS, ...ALONE],
          // Most of them wait most of the time.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'in pairs', include: IN_PAIRS, maxWorkers: 2, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: { name: 'alone', include: ALONE, maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
    ],
  },
});
