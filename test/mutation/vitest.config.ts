import { defineConfig } from 'vitest/config';
import { LoadFailures } from './load-failures.ts';

// For Stryker alone, which runs it again for each seeded defect. `run-stryker.ts` names the tests of the file at hand.
export default defineConfig({
  test: {
    include: (process.env['CCT_MUTATION_TESTS'] ?? '').split(','),
    setupFiles: ['test/mutation/no-shrinking.ts'],
    // Each run has a worker of its own, so the modules of a defect are never those of another; a worker for each test file takes thrice as long.
    isolate: false,
    reporters: [new LoadFailures()],
    // Many a defect leaves a test waiting for ever; these take milliseconds.
    testTimeout: 5_000,
  },
});
