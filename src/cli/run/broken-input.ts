import { CctError } from '../../core/errors.ts';
import type { Tally } from '../../core/ledger.ts';
import { totalOf } from '../../core/ledger.ts';
import type { Talk } from '../talk.ts';

/**
 * Returns the error that broke the input; undefined, with a note, for an interruption: what was read then is whole. Rethrows a bug, and any
 * error before the first outcome.
 */
export function toBroken(thrown: unknown, { tally, talk }: { readonly tally: Tally; readonly talk: Talk }): CctError | undefined {
  if (!(thrown instanceof CctError) || totalOf(tally) === 0) throw thrown;
  if (thrown.code !== 'interrupted') return thrown;
  // The exit status shows the signal.
  talk.note('interrupted: the rest of the input was not read');
  return undefined;
}
