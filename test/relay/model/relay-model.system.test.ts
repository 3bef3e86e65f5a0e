import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runSteps } from './run.ts';
import type { Step } from './steps.ts';
import { anyEnding, anyStep } from './steps.ts';

const RUNS = 40;
const STEPS = 50;
// A failure is told, with its seed and what it shrank to by then, before the test's own limit.
const LIMIT_MS = 240_000;

// As for generated input: the same in each run, which must not fail for what nobody changed, and another one each night.
const SEED = Number(process.env['CCT_MODEL_SEED'] ?? 20_180_131);

test(
  'the relay does as its model says in 2,000 random steps; CCT_MODEL_SEED names those of a run before',
  async () => {
    let taken = 0;
    const property = fc.asyncProperty(
      fc.array(anyStep, { minLength: STEPS, maxLength: STEPS }),
      anyEnding,
      async (steps: Step[], ending) => {
        await runSteps(steps, ending);
        taken += steps.length;
      },
    );
    await fc.assert(property, {
      numRuns: RUNS,
      seed: SEED,
      interruptAfterTimeLimit: LIMIT_MS,
      markInterruptAsFailure: true,
    });
    expect(taken).toBeGreaterThanOrEqual(2_000);
  },
  LIMIT_MS + 30_000,
);
