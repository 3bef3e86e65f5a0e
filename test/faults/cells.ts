import type { FaultRow, UpdateEnd } from './rows.ts';
import type { Asked } from './scenario.ts';
import { FAULTY_AT, fifty } from './scenario.ts';

/** What is asked for, how, and how much of it meets the fault. */
export type Cell = LookupCell | UpdateCell;

export interface LookupCell {
  readonly row: Exclude<FaultRow, { at: 'list' }>;
  readonly surface: 'cli' | 'relay' | 'client';
  readonly source: 'live' | 'auto';
  readonly scope: Scope;
  readonly asked: readonly Asked[];
  readonly faulty: readonly Asked[];
  /** What the installed snapshot lists. */
  readonly inSnapshot: readonly Asked[];
}

/** `one`: a question alone, which is faulty. */
export type Scope = 'one' | 'one of fifty' | 'all of fifty';

export interface UpdateCell {
  readonly row: Exclude<FaultRow, { at: 'resolver' }>;
  readonly surface: 'update';
  readonly pages: Pages;
  readonly end: UpdateEnd;
}

/** Which pages are faulty. `first` and `later`: those of `index.php` from there on. */
export type Pages = (typeof PAGES)[number];

const PAGES = ['first', 'later', 'later and all.php', 'all'] as const;
const even = fifty.filter((_, at) => at % 2 === 0 || at === FAULTY_AT);
const faultyOne = fifty.slice(FAULTY_AT, FAULTY_AT + 1);

/**
 * The cells of a fault. Left out because they mean nothing:
 * - one of fifty, where the fault is one of the server as a whole: it meets every question or none;
 * - lookups, where only a list can have the fault, and the resolver's faults anywhere but in the client, which alone can be given one;
 * - a source for updates: they have none.
 */
export function cellsOf(row: FaultRow): Cell[] {
  if (row.at === 'list') return updatesOf(row);
  if (row.at === 'resolver') return resolverCellsOf(row);
  return [...lookupsOf(row, 'cli'), ...lookupsOf(row, 'relay'), ...updatesOf(row)];
}

function lookupsOf(row: LookupCell['row'], surface: LookupCell['surface']): LookupCell[] {
  const one = { row, surface, scope: 'one', asked: faultyOne, faulty: faultyOne } as const;
  const ofFifty = { row, surface, scope: 'one of fifty', asked: fifty, faulty: faultyOne } as const;
  const all = { row, surface, scope: 'all of fifty', asked: fifty, faulty: fifty } as const;
  return (row.at === 'server' ? [one, all] : [one, ofFifty, all]).flatMap((cell): LookupCell[] => [
    { ...cell, source: 'live', inSnapshot: even },
    { ...cell, source: 'auto', inSnapshot: even },
    // All of them are partly in the snapshot; one alone is in it, or it is not.
    ...(cell.scope === 'all of fifty' ? [] : [{ ...cell, source: 'auto' as const, inSnapshot: [] }]),
  ]);
}

function resolverCellsOf(row: Extract<FaultRow, { at: 'resolver' }>): LookupCell[] {
  const cell = { row, surface: 'client', source: 'live', asked: fifty, inSnapshot: [] } as const;
  if (row.isOnce === true) return [{ ...cell, scope: 'one of fifty', faulty: fifty.slice(0, 1) }];
  return [
    { ...cell, scope: 'one', asked: faultyOne, faulty: faultyOne },
    { ...cell, scope: 'all of fifty', faulty: fifty },
  ];
}

function updatesOf(row: UpdateCell['row']): UpdateCell[] {
  if (row.at === 'list') return PAGES.map((pages, at) => ({ row, surface: 'update', pages, end: row.updates[at] ?? 'old' }));
  const isBorne = (row.at === 'answer' ? (row.onList ?? row.becomes) : row.becomes) === 'answered';
  if (row.at === 'server') return [{ row, surface: 'update', pages: 'all', end: isBorne ? 'index' : 'old' }];
  const endOf = (pages: Pages) => (pages === 'first' || pages === 'later' ? 'all.php' : 'old');
  return PAGES.map((pages) => ({ row, surface: 'update', pages, end: isBorne ? 'index' : endOf(pages) }));
}

/** How fast this machine is now: what else it does must not look like a fault. */
export interface Pace {
  /** The timeout of an attempt where the fault is one of time: an answer without a fault takes much less. */
  readonly timeoutMs: number;
  /** What starting the program and answering without a fault may take. */
  readonly slackMs: number;
}

/** The settings with which a cell is run. */
export interface Settings {
  readonly timeoutMs: number;
  readonly retries: number;
  readonly concurrency: number;
}

// Where no attempt has to wait for it: longer than any slack, so that one that does wait is seen.
const LONG_TIMEOUT_MS = 120_000;

/** The settings of a cell. Its timeout is short only where the fault is one of time. */
export function settingsOf(cell: Cell, pace: Pace): Settings {
  const { row } = cell;
  const facts = row.at === 'list' ? undefined : row;
  const isAlone = cell.surface !== 'update' && cell.scope === 'one';
  return {
    timeoutMs: facts?.ends === 'timeout' ? pace.timeoutMs : LONG_TIMEOUT_MS,
    retries: isAlone ? 1 : 0,
    concurrency: facts?.concurrency ?? 10,
  };
}

/** The longest pause before the first retry. */
const BACKOFF_MS = 250;

/** The longest that a cell may take, from its settings: never so long that an attempt which has no need to wait may wait for its end. */
export function boundMsOf(cell: Cell, pace: Pace): number {
  const { timeoutMs, retries, concurrency } = settingsOf(cell, pace);
  const facts = cell.row.at === 'list' ? undefined : cell.row;
  const workMs = pace.slackMs + (facts?.worksMs ?? 0) + retries * BACKOFF_MS;
  if (facts?.ends !== 'timeout') return workMs;
  // Of an update `index.php` and `all.php` can each wait so long; of lookups, those in flight wait at once, and the question whether the
  // tracker is there at all waits after them.
  const waves = cell.surface === 'update' ? 2 : Math.ceil(cell.faulty.length / concurrency) + 1;
  return workMs + waves * (retries + 1) * timeoutMs;
}

/** A cell in words. */
export function nameOf(cell: Cell): string {
  if (cell.surface === 'update') return `${cell.row.what}: update, ${cell.pages}`;
  const isHit = cell.faulty.some((asked) => cell.inSnapshot.includes(asked));
  const place = cell.source === 'live' ? '' : `, ${isHit ? 'in' : 'not in'} the snapshot`;
  return `${cell.row.what}: ${cell.surface} ${cell.source}, ${cell.scope}${place}`;
}
