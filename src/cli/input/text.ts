import { detach } from '../../core/detached-text.ts';
import type { Observable } from '../../core/observable.ts';
import { extractObservables } from '../../text/extract.ts';
import type { Lines } from './lines.ts';

/** The observables in lines of a list, a report or a log, refanged, as many at a time as there are in the lines at hand. */
export async function* readText(blocks: AsyncIterable<Lines>): AsyncGenerator<Observable[]> {
  for await (const { texts } of blocks) {
    yield texts.flatMap((text) => extractObservables(text).map(({ type, value }) => ({ type, value: detach(value) })));
  }
}
