import { defineConfig } from 'vitest/config';

/** The tests of `npm test` and of the system suite, with what they run of `src`. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/real-data/**', 'test/lambda/**', 'test/acceptance/**'],
    isolate: false,
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    expect: { poll: { timeout: 15_000 } },
    coverage: {
      provider: 'v8',
      include: ['src/**'],
      reporter: ['text', 'json-summary'],
      thresholds: { lines: 97, branches: 92, functions: 95, statements: 95 },
    },
  },
});
