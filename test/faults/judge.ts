import type { Cell, LookupCell, Pace, UpdateCell } from './cells.ts';
import { boundMsOf } from './cells.ts';
import type { Asked } from './scenario.ts';
import { list, SNAPSHOT_DATE, SNAPSHOT_FAMILY } from './scenario.ts';

/** An error of an answer or a row. */
interface SeenError {
  readonly type: string;
  readonly code: string;
  readonly message: string;
}

/** What the program reported of one observable. */
export interface SeenRow {
  readonly value: string;
  readonly status: string;
  readonly source?: string | undefined;
  readonly family?: string | undefined;
  readonly error?: SeenError | undefined;
}

/** The result of a cell: a row for each observable, a relay's answer, or an update. */
export type Outcome = {
  readonly status: number | null;
  readonly tookMs: number;
  /** The peak memory of the process, where it had its own. */
  readonly peakBytes?: number | undefined;
} & (
  | { readonly kind: 'rows'; readonly rows: readonly SeenRow[] }
  | {
      readonly kind: 'answer';
      readonly invalid: readonly string[];
      readonly listed: readonly SeenRow[];
      readonly errors: readonly SeenError[];
    }
  | { readonly kind: 'update'; readonly stderr: string; readonly isOldKept: boolean; readonly urls: readonly string[] }
);
type OutcomeOf<Kind> = Extract<Outcome, { kind: Kind }>;

/** What is wrong with a cell, a line each, and how many observables silently passed as unlisted. */
export interface Verdict {
  readonly problems: readonly string[];
  readonly falseCleans: number;
}

const MIB = 1024 * 1024;
/** The peak memory of a process: Node, the program, a megabyte for each answer in flight, 64 for a page of the list. */
export const MOST_BYTES = { lookup: 256 * MIB, update: 512 * MIB } as const;

type Fate = 'listed' | 'unlisted' | 'failed' | 'from snapshot';

/** How the program must answer for an observable. */
function fateOf({ row, source, faulty, inSnapshot }: LookupCell, asked: Asked): Fate {
  const isFailed = row.becomes === 'failed' && faulty.includes(asked);
  if (isFailed) return source === 'auto' && inSnapshot.includes(asked) ? 'from snapshot' : 'failed';
  return asked.family === null ? 'unlisted' : 'listed';
}

/** Judges a cell that was run at this pace. */
export function judge(cell: Cell, outcome: Outcome, pace: Pace): Verdict {
  const { problems, falseCleans } = judgeAnswers(cell, outcome);
  const { tookMs, peakBytes = 0 } = outcome;
  const [boundMs, mostBytes] = [boundMsOf(cell, pace), MOST_BYTES[cell.surface === 'update' ? 'update' : 'lookup']];
  const slow = tookMs <= boundMs ? [] : [`took ${Math.round(tookMs)} ms, more than ${boundMs}`];
  const large = peakBytes <= mostBytes ? [] : [`held ${Math.round(peakBytes / MIB)} MiB, more than ${mostBytes / MIB}`];
  return { problems: [...problems, ...slow, ...large], falseCleans };
}

function judgeAnswers(cell: Cell, outcome: Outcome): Verdict {
  const isUpdate = cell.surface === 'update';
  if (isUpdate && outcome.kind === 'update') return { problems: judgeUpdate(cell, outcome), falseCleans: 0 };
  if (!isUpdate && outcome.kind === 'rows') return judgeRows(cell, outcome);
  if (!isUpdate && outcome.kind === 'answer') return judgeAnswer(cell, outcome);
  throw new Error(`${cell.surface} has no ${outcome.kind}`);
}

function judgeRows(cell: LookupCell, { status, rows }: OutcomeOf<'rows'>): Verdict {
  const problems: string[] = [];
  let falseCleans = 0;
  const values = rows.map(({ value }) => value).join();
  if (values !== cell.asked.map(({ value }) => value).join()) problems.push(`the rows differ from the input: ${values}`);
  for (const asked of cell.asked) {
    const row = rows.find(({ value }) => value === asked.value);
    if (!row) problems.push(`${asked.value} is lost`);
    else if (!isRight(cell, asked, row)) problems.push(`is ${JSON.stringify(row)}, must be ${fateOf(cell, asked)}`);
    if (fateOf(cell, asked) !== 'unlisted' && (row?.status ?? 'unlisted') === 'unlisted') falseCleans += 1;
  }
  const wanted = cell.surface === 'client' ? 0 : exitStatusOf(cell);
  if (status !== wanted) problems.push(`exit status ${status}, must be ${wanted}`);
  return { problems, falseCleans };
}

/** 4 when something failed and nothing was answered, 3 when something failed. */
function exitStatusOf(cell: LookupCell): number {
  const failed = cell.asked.filter((asked) => fateOf(cell, asked) === 'failed').length;
  if (failed === 0) return 0;
  return failed === cell.asked.length ? 4 : 3;
}

function isRight(cell: LookupCell, asked: Asked, { status, source, family, error }: SeenRow): boolean {
  switch (fateOf(cell, asked)) {
    case 'unlisted':
      return status === 'unlisted' && !error;
    case 'listed':
      // A doubtful answer that is looked up once more may be in the cache by then.
      return status === 'listed' && family === asked.family && source !== 'snapshot' && !error;
    case 'from snapshot':
      return status === 'listed' && family === SNAPSHOT_FAMILY && source === 'snapshot' && isWarning(cell, error);
    case 'failed':
      return status === 'failed' && isFailure(cell, error);
  }
}

const NOT_ASKED = 'Not looked up: the tracker is down. ';
const INSTEAD = `Live lookup failed; answered from the snapshot of ${SNAPSHOT_DATE}. `;

/** Whether an error is that of the fault, or, where all lookups are faulty, says that the tracker is down. */
function isFailure({ row, scope }: LookupCell, error: SeenError | undefined): boolean {
  if (error?.type !== 'fatal') return false;
  const { message } = error;
  if (row.at !== 'answer' && scope !== 'one' && message.startsWith(NOT_ASKED)) {
    return error.code === 'service unavailable' && row.message.test(message.slice(NOT_ASKED.length));
  }
  return error.code === row.code && row.message.test(message);
}

function isWarning(cell: LookupCell, error: SeenError | undefined): boolean {
  if (error?.type !== 'warning' || error.code !== 'service unavailable' || !error.message.startsWith(INSTEAD)) return false;
  const message = error.message.slice(INSTEAD.length);
  const code = message.startsWith(NOT_ASKED) ? 'service unavailable' : cell.row.code;
  return isFailure(cell, { type: 'fatal', code, message });
}

function judgeAnswer(cell: LookupCell, { status, invalid, listed, errors }: OutcomeOf<'answer'>): Verdict {
  const problems = invalid.map((problem) => `the answer is invalid: ${problem}`);
  if (status !== 200) problems.push(`HTTP status ${status}, must be 200`);
  let falseCleans = 0;
  for (const [type, fate] of [
    ['fatal', 'failed'],
    ['warning', 'from snapshot'],
  ]) {
    const meant = cell.asked.filter((asked) => fateOf(cell, asked) === fate).map(({ value }) => value);
    const named = errors.filter((error) => error.type === type).map(({ message }) => readNames(message));
    const count = named.reduce((sum, { names, more }) => sum + names.length + more, 0);
    const stray = named
      .flatMap(({ names }) => names)
      .filter((name, at, all) => !meant.includes(name) || all.indexOf(name) !== at);
    if (count !== meant.length) problems.push(`${count} have a ${type} error, must be ${meant.length}`);
    if (stray.length > 0) problems.push(`have a ${type} error, or two: ${stray.join()}`);
    if (fate === 'failed') falseCleans += Math.max(0, meant.length - (count - stray.length));
  }
  for (const error of errors) {
    // The message ends with the observables, and the patterns of the faults are not anchored there.
    const isMeant = error.type === 'warning' ? isWarning(cell, error) : isFailure(cell, error);
    if (!isMeant) problems.push(`not the fault's error: ${JSON.stringify(error)}`);
  }
  for (const asked of cell.asked) {
    const seen = listed.find(({ value }) => value === asked.value)?.family;
    const fate = fateOf(cell, asked);
    const family = fate === 'listed' ? asked.family : fate === 'from snapshot' ? SNAPSHOT_FAMILY : undefined;
    if (seen !== family) problems.push(`${asked.value}: listed as ${seen}, must be ${family}`);
    if (family !== undefined && seen === undefined) falseCleans += 1;
  }
  return { problems, falseCleans };
}

/** The observables at the end of a message: the first five by name, and how many more. */
function readNames(message: string): { readonly names: readonly string[]; readonly more: number } {
  const [, names = '', more = '0'] = /: ([^\s,]+(?:, [^\s,]+)*)(?: and (\d+) more)?$/.exec(message) ?? [];
  return { names: names === '' ? [] : names.split(', '), more: Number(more) };
}

function judgeUpdate({ end }: UpdateCell, { status, stderr, isOldKept, urls }: OutcomeOf<'update'>): string[] {
  const problems: string[] = [];
  const wanted = end === 'old' ? 4 : 0;
  if (status !== wanted) problems.push(`exit status ${status}, must be ${wanted}: ${stderr}`);
  if (isOldKept !== (end === 'old')) problems.push(isOldKept ? 'the old list stayed' : 'the old list changed');
  if (end === 'old') return problems;
  const missing = list.filter(({ url }) => !urls.includes(url)).length;
  if (missing > 0 || urls.length !== list.length) problems.push(`${missing} entries are missing among ${urls.length}`);
  if (stderr.includes('using all.php') !== (end === 'all.php')) problems.push(`wrong source of the list: ${stderr}`);
  return problems;
}
