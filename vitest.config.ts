import { defineConfig } from 'vitest/config';
import countReporter from './test/support/count-reporter.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/start-clusters.ts'],
    reporters: ['default', countReporter()],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Of three one waits for the database or for a program that starts, so two cores are busy.
    maxWorkers: 3,
    // Importing the program anew for each file costs as much as half of the tests. No test may leave anything changed.
    isolate: false,
    restoreMocks: true,
  },
});
