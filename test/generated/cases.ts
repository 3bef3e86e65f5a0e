import fc from 'fast-check';
import { test } from 'vitest';

/*
 * `CCT_GENERATED_CASES`: the cases of a property, 100 in `npm test`, 2,000 in the system suite, 100,000 in the generated suite.
 * `CCT_GENERATED_SEED`: fixed in `npm test`, which must not fail by chance, a new one in the generated suite. A seed gives the same cases
 * whatever their number.
 */

const CASES = toWhole('CCT_GENERATED_CASES', 100);
const SEED = toWhole('CCT_GENERATED_SEED', 20_180_131);
const FEWEST_CASES = 10;

/** Whether texts are long too. */
export const isLongRun = CASES >= 50_000;

/** A property whose cases are expensive. */
export interface Cost {
  /** One of N cases is run, at least ten in all. */
  readonly oneOf: number;
  /** For the report. */
  readonly why: string;
  /** Whether a failing case is made smaller, which runs some hundred. Default true. */
  readonly isShrunk?: boolean;
}

/** A property in the report. */
export interface Generated {
  readonly cases: number;
  readonly seed: number;
  /** Processor time of the process. */
  readonly cpuMs: number;
  /** Why there are fewer cases; else ''. */
  readonly why: string;
}

declare module 'vitest' {
  interface TaskMeta {
    generated?: Generated;
  }
}

/** The arbitraries of some values. */
type Arbitraries<Values> = { readonly [At in keyof Values]: fc.Arbitrary<Values[At]> };

/** Tests that a check holds for generated values. A failure shows the smallest case and the command that repeats it. */
export function testProperty<Values extends readonly unknown[]>(
  title: string,
  arbitraries: Arbitraries<Values>,
  check: (...values: Values) => unknown,
): void {
  testCostly(title, { oneOf: 1, why: '' }, arbitraries, check);
}

/** The same for expensive cases. */
export function testCostly<Values extends readonly unknown[]>(
  title: string,
  cost: Cost,
  arbitraries: Arbitraries<Values>,
  check: (...values: Values) => unknown,
): void {
  const numRuns = Math.max(Math.ceil(CASES / cost.oneOf), Math.min(CASES, FEWEST_CASES));
  // A hundred times what a case takes, for busy machines.
  const timeout = 120_000 + CASES * 10;
  test(title, { timeout }, async ({ task }) => {
    const start = process.cpuUsage();
    const property = fc.asyncProperty(fc.tuple(...(arbitraries as readonly fc.Arbitrary<unknown>[])), async (values) => {
      await check(...(values as unknown as Values));
    });
    const details = await fc.check(property, { numRuns, seed: SEED, endOnFailure: cost.isShrunk === false });
    const { user, system } = process.cpuUsage(start);
    task.meta.generated = { cases: details.numRuns, seed: SEED, cpuMs: (user + system) / 1000, why: cost.why };
    if (!details.failed) return;
    const again = `CCT_GENERATED_SEED=${SEED} CCT_GENERATED_CASES=${CASES} npm run suite -- generated -- -t '${title}'`;
    const report = await fc.asyncDefaultReportMessage(details);
    throw new Error(`${report ?? ''}\nThe same again: ${again}`, { cause: details.errorInstance });
  });
}

/** A whole number from the environment. Throws for other texts: the default would go unseen. */
function toWhole(name: string, otherwise: number): number {
  const text = process.env[name] ?? '';
  if (text === '') return otherwise;
  if (!/^-?\d{1,10}$/.test(text)) throw new Error(`${name} is not a whole number: ${text}`);
  return Number(text);
}
