import type { FaultRow, UpdateEnd } from './rows.ts';
import type { Asked } from './scenario.ts';
import { FAULTY_AT, fifty } from './scenario.ts';

/** A fault, the surface it is tried on, and how much of the job has it. */
export type Cell = LookupCell | UpdateCell;

export interface LookupCell {
  readonly row: Exclude<FaultRow, { at: 'list' }>;
  readonly surface: 'cli' | 'relay' | 'client';
  readonly source: 'live' | 'auto';
  readonly scope: Scope;
  readonly asked: readonly Asked[];
  readonly faulty: readonly Asked[];
  /** Listed in the installed snapshot. */
  readonly inSnapshot: readonly Asked[];
}

/** `one`: a single lookup, which is faulty. */
export type Scope = 'one' | 'one of fifty' | 'all of fifty';

export interface UpdateCell {
  readonly row: Exclude<FaultRow, { at: 'resolver' }>;
  readonly surface: 'update';
  readonly pages: Pages;
  readonly end: UpdateEnd;
}

/** The faulty pages. `first` and `later`: those of `index.php` from there on. */
export type Pages = (typeof PAGES)[number];

const PAGES = ['first', 'later', 'later and all.php', 'all'] as const;
const even = fifty.filter((_, at) => at % 2 === 0 || at === FAULTY_AT);
const faultyOne = fifty.slice(FAULTY_AT, FAULTY_AT + 1);

/**
 * The cells of a fault. Some have no meaning: one of fifty where the whole server is faulty, lookups where only a list can have the
 * fault, resolvers anywhere but in the client.
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
    // All of fifty are partly in the snapshot; one is in it, or not.
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

/** How fast this machine is now: load must not look like a fault. */
export interface Pace {
  /** The timeout of an attempt where the fault is slowness: an answer without a fault takes much less. */
  readonly timeoutMs: number;
  /** The longest that a start of the program and its answers may take without a fault. */
  readonly slackMs: number;
}

/** The settings of a cell. */
export interface Settings {
  readonly timeoutMs: number;
  readonly retries: number;
  /** Undefined for none. */
  readonly deadlineMs: number | undefined;
  readonly concurrency: number;
}

// Where no attempt may wait for it: longer than any slack, so that one that does wait shows.
const LONG_TIMEOUT_MS = 120_000;

/** The settings of a cell. Its timeout is short only where the fault is slowness. */
export function settingsOf(cell: Cell, pace: Pace): Settings {
  const { row } = cell;
  const facts = row.at === 'list' ? undefined : row;
  const isAlone = cell.surface !== 'update' && cell.scope === 'one';
  const timeoutMs = facts?.ends === 'timeout' ? pace.timeoutMs : LONG_TIMEOUT_MS;
  // An update has no deadline.
  const timeouts = cell.surface === 'update' ? undefined : facts?.deadlineTimeouts;
  const deadlineMs = timeouts === undefined ? undefined : timeouts * timeoutMs;
  return {
    timeoutMs,
    retries: deadlineMs !== undefined ? 2 : isAlone ? 1 : 0,
    deadlineMs,
    concurrency: facts?.concurrency ?? 10,
  };
}

/** The longest pause before the first retry. */
const BACKOFF_MS = 250;

/** The longest that a cell may take: shorter than a timeout for which no attempt may wait. */
export function boundMsOf(cell: Cell, pace: Pace): number {
  const { timeoutMs, retries, deadlineMs, concurrency } = settingsOf(cell, pace);
  const facts = cell.row.at === 'list' ? undefined : cell.row;
  const workMs = pace.slackMs + (facts?.worksMs ?? 0) + retries * BACKOFF_MS;
  if (facts?.ends !== 'timeout') return workMs;
  if (deadlineMs !== undefined) return workMs + deadlineMs;
  // In an update `index.php` and `all.php` can each wait; lookups in flight wait together, and the health check waits after them.
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
