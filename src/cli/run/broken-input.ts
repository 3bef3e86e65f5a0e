import { CctError } from '../../core/errors.ts';
import type { Tally } from '../../core/ledger/ledger.ts';
import { totalOf } from '../../core/ledger/ledger.ts';
import type { Talk } from '../talk.ts';

/**
 * Returns the error that ended the input. For an interruption, prints a note and returns undefined, because everything read so far is valid.
 * Rethrows bugs, and any error before the first outcome.
 */
export function toBroken(thrown: unknown, { tally, talk }: { readonly tally: Tally; readonly talk: Talk }): CctError | undefined {
  if (!(thrown instanceof CctError) || totalOf(tally) === 0) throw thrown;
  if (thrown.code !== 'interrupted') return thrown;
  // The exit status reports the signal.
  talk.note('interrupted: the rest of the input was not read');
  return undefined;
}
