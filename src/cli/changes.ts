import { CctError } from '../core/errors.ts';
import type { LedgerRow, Tally } from '../core/ledger/ledger.ts';
import { count, createTally } from '../core/ledger/ledger.ts';
import type { Outcome } from '../core/lookups/outcome.ts';
import type { Change, State } from '../core/ledger/state.ts';
import { createState, withChange } from '../core/ledger/state.ts';
import type { OutputFile } from '../files/output-file.ts';
import { openOutputFile } from '../files/output-file.ts';
import { readEarlierOutput, readStateFile } from './input/read-state.ts';
import type { Session } from './session.ts';

/** Compares the rows of a run with those of an earlier run. */
export interface Changes {
  /** The number of rows by change. */
  readonly counts: Readonly<Record<Change, number>>;
  /** The outcomes whose rows were printed. */
  readonly printed: Tally;
  /** Returns the row with its change, or a failed row unchanged; undefined if nothing changed. */
  take(row: LedgerRow): LedgerRow | undefined;
  /** Counts an outcome whose row is printed. */
  count(outcome: Outcome, isMarked: boolean): void;
  /** Writes the `--state` file atomically, unless the run was interrupted: then the next run repeats rows. */
  save(): Promise<void>;
  /** Keeps the old file; does nothing after `save`. */
  discard(): Promise<void>;
}

/**
 * Reads the file of `--new-since` or `--state`. Rejects with `usage` if both are given, with `input` if the file is truncated or of another
 * kind, and with `output` if it cannot be written.
 */
export async function openChanges(session: Session): Promise<Changes> {
  const { config, talk, signal } = session;
  const path = toPath(session);
  const earlier = await (config.state === undefined ? readEarlierOutput : readStateFile)(path, signal);
  if (!earlier) talk.note(`${path} does not exist: this is the first run, and every row is new`);
  const state = earlier ?? createState();
  // Opened now, so that an error is reported before the lookups.
  const file = config.state === undefined ? undefined : await openOutputFile(path);
  const counts: Record<Change, number> = { new: 0, changed: 0, gone: 0 };
  const printed = createTally();
  return {
    counts,
    printed,
    take(row) {
      const change = state.compare(row);
      if (change) counts[change] += 1;
      return change || row.status === 'failed' ? withChange(row, change) : undefined;
    },
    count: (outcome, isMarked) => count(printed, outcome, isMarked),
    async save() {
      if (!file) return;
      if (signal.aborted) talk.note(`${path} was not updated`);
      else await write(file, state);
    },
    discard: async () => file?.discard(),
  };
}

async function write(file: OutputFile, state: State): Promise<void> {
  for (const text of state.write()) await file.write(text);
  await file.commit();
}

/** The path of the file that is given. */
function toPath({ config, givenBy }: Session): string {
  const { newSince, state } = config;
  if (newSince !== undefined && state !== undefined) {
    throw new CctError('usage', `${givenBy.newSince} and ${givenBy.state} cannot be used together: give only one`);
  }
  const path = newSince ?? state ?? '';
  const name = (newSince === undefined ? givenBy.state : givenBy.newSince) ?? '';
  if (path === '-') throw new CctError('usage', `${name}: expected a file, not stdin`);
  return path;
}
