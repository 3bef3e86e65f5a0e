import type { Config } from '../../config.ts';
import type { Outcome } from '../../core/lookups/outcome.ts';

const STATUS_ORDER: readonly Outcome['status'][] = ['listed', 'failed', 'unlisted', 'skipped'];

/** Orders outcomes by `--sort`. With `--seen`, holds them until everything is counted. */
export function orderOutcomes(
  batches: AsyncIterable<readonly Outcome[]>,
  { seen, sort }: Pick<Config, 'seen' | 'sort'>,
): AsyncIterable<readonly Outcome[]> {
  return sort === 'status' ? sortByStatus(holdAll(batches)) : seen ? holdAll(batches) : batches;
}

async function* sortByStatus(batches: AsyncIterable<readonly Outcome[]>): AsyncGenerator<readonly Outcome[]> {
  for await (const outcomes of batches) {
    yield outcomes.toSorted((one, other) => STATUS_ORDER.indexOf(one.status) - STATUS_ORDER.indexOf(other.status));
  }
}

/** Yields all outcomes together, even if the input is invalid or the run is interrupted. */
async function* holdAll(batches: AsyncIterable<readonly Outcome[]>): AsyncGenerator<readonly Outcome[]> {
  const held: Outcome[] = [];
  try {
    for await (const outcomes of batches) for (const outcome of outcomes) held.push(outcome);
  } catch (thrown) {
    yield held;
    throw thrown;
  }
  yield held;
}
