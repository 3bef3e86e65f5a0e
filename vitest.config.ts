import { defineConfig } from 'vitest/config';

/** What runs wherever Node runs: no other program, few processes. `test/system` has the rest. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.system.test.ts', 'test/real-data/**', 'test/lambda/**', 'test/acceptance/**'],
    globalSetup: ['test/helpers/build.ts'],
    // A worker loads each module once for all of its tests. `npm run suite -- isolated` finds a test that depends on another's state.
    isolate: false,
    // Many tests wait for servers: on two cores three at once take less time than two.
    maxWorkers: 4,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // A busy machine may need longer than the second that is the default.
    expect: { poll: { timeout: 15_000 } },
    // The continuous integration script reads its counts from here.
    reporters: ['default', ['json', { outputFile: 'coverage/tests.json' }]],
  },
});
