import { defineConfig } from 'vitest/config';
import { LoadFailures } from './load-failures.ts';

// For Stryker, which runs it for each seeded defect. `run-stryker.ts` names the tests.
export default defineConfig({
  test: {
    include: (process.env['CCT_MUTATION_TESTS'] ?? '').split(','),
    setupFiles: ['test/mutation/no-shrinking.ts'],
    // Each run has its own worker, so defects never share modules; a worker for each test file takes three times as long.
    isolate: false,
    reporters: [new LoadFailures()],
    // Many defects leave a test waiting forever; without one, tests take milliseconds.
    testTimeout: 5_000,
  },
});
