import type { Observable } from '../../core/observable.ts';
import { extractObservables } from './extract.ts';
import type { Lines } from './lines.ts';

/** The observables in lines of a list, a report or a log, refanged, as many at a time as there are in the lines at hand. */
export async function* readText(blocks: AsyncIterable<Lines>): AsyncGenerator<Observable[]> {
  for await (const { texts } of blocks) yield texts.flatMap((text) => extractObservables(text).map(detach));
}

/** The same with a value in memory of its own. V8 keeps a piece of a text as a view, and with it the whole block it was cut from. */
function detach({ type, value }: Observable): Observable {
  // UTF-16, because a lone surrogate would not survive UTF-8.
  return { type, value: Buffer.from(value, 'utf16le').toString('utf16le') };
}
