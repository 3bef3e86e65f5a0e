import type { Outcome } from '../../../src/core/lookups/outcome.ts';
import type { Plan } from '../../../src/core/lookups/plan.ts';
import { collect as collectAll, toQuestion, toUrl } from '../samples.ts';

/** All outcomes, as one list. */
export const collect = async (outcomes: AsyncIterable<readonly Outcome[]>) => (await collectAll(outcomes)).flat();

/** The plan to ask about a url of `panel.example` with this path. */
export const toPlan = (path: string): Plan => ({ observable: toUrl(path), question: toQuestion(path) });
