import { defineConfig } from 'vitest/config';

/** The handler under Lambda's runtime interface client, which is compiled first. */
export default defineConfig({
  test: {
    include: ['test/lambda/**/*.test.ts'],
    globalSetup: ['test/lambda/runtime-client.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ['default', ['json', { outputFile: 'coverage/lambda.json' }]],
  },
});
