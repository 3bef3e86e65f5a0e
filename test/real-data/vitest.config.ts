import { defineConfig } from 'vitest/config';

/** The suite over the tracker's real list, which is never part of the project: `CCT_REAL_DATA` names the directory that holds it. */
export default defineConfig({
  test: {
    include: ['test/real-data/**/*.test.ts'],
    globalSetup: ['test/helpers/build.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', ['json', { outputFile: 'coverage/real-data.json' }]],
  },
});
