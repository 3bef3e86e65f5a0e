import fc from 'fast-check';
import { test } from 'vitest';

/*
 * The one place that says how many cases a property gets, and from which seed they come.
 *
 * `CCT_GENERATED_CASES`: 100 a property in `npm test`, 2,000 in `npm run test:system`, 100,000 in `npm run suite -- generated`. `CCT_GENERATED_SEED`: always the same in
 * `npm test`, which shall not fail for what nobody changed; another one each time in `npm run suite -- generated`, which shall find something.
 * The same seed gives the same cases again, whatever their number.
 */

const CASES = toWhole('CCT_GENERATED_CASES', 100);
const SEED = toWhole('CCT_GENERATED_SEED', 20_180_131);
const FEWEST_CASES = 10;

/** Whether this is the long run, in which texts are long too. */
export const isLongRun = CASES >= 50_000;

/** What makes a case cost as much as many others. */
export interface Cost {
  /** The property gets one of so many cases, and ten at least. */
  readonly oneOf: number;
  /** For the report. */
  readonly why: string;
  /** Whether a smaller case is looked for when one fails, which costs some hundred cases. Default true. */
  readonly isShrunk?: boolean;
}

/** What the report is told of a property. */
export interface Generated {
  readonly cases: number;
  readonly seed: number;
  /** Processor time of the whole process: another number than the time that passed on a busy machine. */
  readonly cpuMs: number;
  /** Why the cases are fewer; '' where they are not. */
  readonly why: string;
}

declare module 'vitest' {
  interface TaskMeta {
    generated?: Generated;
  }
}

/**
 * A test that a property holds for as many cases as it gets. A failure says the smallest case, and how to have it again. A property that
 * needs a server or a folder is made within the test, and lets go of it by `onTestFinished`.
 */
export function testProperty<Ts>(
  title: string,
  property: fc.IRawProperty<Ts> | (() => Promise<fc.IRawProperty<Ts>>),
  cost: Cost = { oneOf: 1, why: '' },
): void {
  const numRuns = Math.max(Math.ceil(CASES / cost.oneOf), Math.min(CASES, FEWEST_CASES));
  // A hundred times what a case takes: for machines that have much else to do.
  const timeout = 120_000 + CASES * 10;
  test(title, { timeout }, async ({ task }) => {
    const start = process.cpuUsage();
    const details = await fc.check(typeof property === 'function' ? await property() : property, {
      numRuns,
      seed: SEED,
      endOnFailure: cost.isShrunk === false,
    });
    const { user, system } = process.cpuUsage(start);
    task.meta.generated = { cases: details.numRuns, seed: SEED, cpuMs: (user + system) / 1000, why: cost.why };
    if (!details.failed) return;
    const again = `CCT_GENERATED_SEED=${SEED} CCT_GENERATED_CASES=${CASES} npm run suite -- generated -- -t '${title}'`;
    const told = await fc.asyncDefaultReportMessage(details);
    throw new Error(`${told ?? ''}\nThe same again: ${again}`, { cause: details.errorInstance });
  });
}

/** A whole number of the environment. Throws when it is none: another number of cases would go unseen. */
function toWhole(name: string, otherwise: number): number {
  const text = process.env[name] ?? '';
  if (text === '') return otherwise;
  if (!/^-?\d{1,10}$/.test(text)) throw new Error(`${name} is no whole number: ${text}`);
  return Number(text);
}
