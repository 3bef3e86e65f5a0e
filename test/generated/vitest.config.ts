import { randomInt } from 'node:crypto';
import { defineConfig } from 'vitest/config';
import { GeneratedReport } from './report.ts';

/** The properties of `npm test` with many more cases: about ten minutes on two cores. */
export default defineConfig({
  test: {
    include: ['test/generated/**/*.test.ts'],
    maxWorkers: 2,
    env: {
      CCT_GENERATED_CASES: process.env['CCT_GENERATED_CASES'] ?? '100000',
      CCT_GENERATED_SEED: process.env['CCT_GENERATED_SEED'] ?? String(randomInt(2 ** 31)),
    },
    reporters: ['default', new GeneratedReport()],
  },
});
