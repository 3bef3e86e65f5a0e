import type { Observable } from '../../core/observable.ts';
import { extractObservables } from './extract.ts';
import type { Line } from './lines.ts';

/** The observables in lines of a list, a report or a log, refanged. */
export async function* readText(lines: AsyncIterable<Line>): AsyncGenerator<Observable> {
  for await (const { text } of lines) yield* extractObservables(text);
}
