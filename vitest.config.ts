import { defineConfig } from 'vitest/config';
import { LIMITS } from './test/coverage/limits.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/real-data/**', 'test/lambda/**', 'test/acceptance/**'],
    globalSetup: ['test/helpers/build.ts'],
    // Most tests wait for processes and servers: on two cores three at once take half the time of one.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // A busy machine may need longer than the second that is the default.
    expect: { poll: { timeout: 15_000 } },
    // The continuous integration script reads its counts from here.
    reporters: ['default', ['json', { outputFile: 'coverage/tests.json' }]],
    coverage: {
      provider: 'v8',
      include: ['src/**'],
      reporter: ['text', 'json-summary'],
      thresholds: LIMITS,
    },
  },
});
