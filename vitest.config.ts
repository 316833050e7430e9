import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{apps,packages}/*/src/**/*.test.ts', 'test/**/*.test.ts'],
    // The long forms are npm run test:reliability.
    exclude: [...configDefaults.exclude, 'test/reliability/*.test.ts'],
    globalSetup: ['test/support/servers.ts'],
    // Whole-system files start real processes; a slow machine needs the room, a hung one must still end.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
