import { defineConfig } from 'vitest/config';

const limits = { testTimeout: 20_000, hookTimeout: 20_000, expect: { poll: { timeout: 15_000 } } };

/** The tests that start other programs or many processes, and the properties with more cases. `npm run test:system` builds `dist` first. */
export default defineConfig({
  test: {
    isolate: false,
    // Most tests wait for processes: on two cores three at once take half the time of one.
    maxWorkers: 3,
    reporters: ['default', ['json', { outputFile: 'coverage/system.json' }]],
    projects: [
      { test: { name: 'system', include: ['test/**/*.system.test.ts'], ...limits } },
      { test: { name: 'generated', include: ['test/generated/**/*.test.ts'], env: { CCT_GENERATED_CASES: '2000' }, ...limits } },
    ],
  },
});
