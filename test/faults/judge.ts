import type { Cell, LookupCell, Pace, UpdateCell } from './cells.ts';
import { boundMsOf } from './cells.ts';
import type { Outcome, SeenError, SeenRow } from './outcome.ts';
import type { Asked } from './scenario.ts';
import { list, SNAPSHOT_DATE, SNAPSHOT_FAMILY } from './scenario.ts';

/** What is wrong with a cell, a line each, and how many observables were passed over as if they were not listed. */
export interface Verdict {
  readonly problems: readonly string[];
  readonly falseCleans: number;
}

const MIB = 1024 * 1024;
/** The most memory that a process may hold: Node itself, the program, and of each answer in flight a megabyte; of a page of the list 64. */
export const MOST_BYTES = { lookup: 256 * MIB, update: 512 * MIB } as const;

type Fate = 'listed' | 'unlisted' | 'failed' | 'from snapshot';

/** What must become of an observable. */
export function fateOf({ row, source, faulty, inSnapshot }: LookupCell, asked: Asked): Fate {
  const isFailed = row.becomes === 'failed' && faulty.includes(asked);
  if (isFailed) return source === 'auto' && inSnapshot.includes(asked) ? 'from snapshot' : 'failed';
  return asked.family === null ? 'unlisted' : 'listed';
}

/** Judges what came of a cell that was run at this pace. */
export function judge(cell: Cell, outcome: Outcome, pace: Pace): Verdict {
  const { problems, falseCleans } = judgeAnswers(cell, outcome);
  const boundMs = boundMsOf(cell, pace);
  const late = outcome.tookMs <= boundMs ? [] : [`took ${Math.round(outcome.tookMs)} ms, more than ${boundMs}`];
  const mostBytes = MOST_BYTES[cell.surface === 'update' ? 'update' : 'lookup'];
  const { peakBytes = 0 } = outcome;
  const fat = peakBytes <= mostBytes ? [] : [`held ${Math.round(peakBytes / MIB)} MiB, more than ${mostBytes / MIB}`];
  return { problems: [...problems, ...late, ...fat], falseCleans };
}

function judgeAnswers(cell: Cell, outcome: Outcome): Verdict {
  if (cell.surface === 'update') {
    return outcome.kind === 'update' ? { problems: judgeUpdate(cell, outcome), falseCleans: 0 } : noSuch(outcome);
  }
  if (outcome.kind === 'rows') return judgeRows(cell, outcome);
  return outcome.kind === 'answer' ? judgeAnswer(cell, outcome) : noSuch(outcome);
}

function noSuch({ kind }: Outcome): Verdict {
  return { problems: [`what came is of another kind: ${kind}`], falseCleans: 0 };
}

function judgeRows(cell: LookupCell, { status, rows }: Extract<Outcome, { kind: 'rows' }>): Verdict {
  const problems: string[] = [];
  let falseCleans = 0;
  const values = rows.map(({ value }) => value).join();
  if (values !== cell.asked.map(({ value }) => value).join())
    problems.push(`the rows are not those of what was asked: ${values}`);
  for (const asked of cell.asked) {
    const row = rows.find(({ value }) => value === asked.value);
    const fate = fateOf(cell, asked);
    if (!row) problems.push(`${asked.value} is lost`);
    else problems.push(...judgeRow(cell, asked, row).map((problem) => `${asked.value}: ${problem}`));
    if (fate !== 'unlisted' && (row?.status ?? 'unlisted') === 'unlisted') falseCleans += 1;
  }
  const wanted = cell.surface === 'client' ? 0 : exitStatusOf(cell);
  if (status !== wanted) problems.push(`exit status ${status}, and not ${wanted}`);
  return { problems, falseCleans };
}

/** 4 when something failed and nothing was answered, 3 when something failed. */
function exitStatusOf(cell: LookupCell): number {
  const failed = cell.asked.filter((asked) => fateOf(cell, asked) === 'failed').length;
  if (failed === 0) return 0;
  return failed === cell.asked.length ? 4 : 3;
}

function judgeRow(cell: LookupCell, asked: Asked, { status, source, family, error }: SeenRow): string[] {
  const fate = fateOf(cell, asked);
  const said = `${status} (${source ?? ''} ${family ?? ''} ${error?.message ?? ''})`;
  const wrong = (wanted: string) => [`${said}, and not ${wanted}`];
  switch (fate) {
    case 'unlisted':
      return status === 'unlisted' && !error ? [] : wrong('unlisted');
    case 'listed':
      return status === 'listed' && family === asked.family && source === 'live' && !error ? [] : wrong(`${asked.family}, live`);
    case 'from snapshot': {
      const isHit = status === 'listed' && family === SNAPSHOT_FAMILY && source === 'snapshot';
      return isHit && isWarning(cell, error) ? [] : wrong('from the snapshot, with a warning');
    }
    case 'failed':
      return status === 'failed' && isFailure(cell, error) ? [] : wrong(`failed: ${cell.row.code}, ${String(cell.row.message)}`);
  }
}

const NOT_ASKED = 'Not looked up: the tracker is down. ';

/** Whether an error is the one that the fault must give, or, where everything is faulty, the word that the tracker is down. */
function isFailure({ row, scope }: LookupCell, error: SeenError | undefined): boolean {
  if (error?.type !== 'fatal') return false;
  const { message } = error;
  if (row.at !== 'answer' && scope !== 'one' && message.startsWith(NOT_ASKED)) {
    return error.code === 'service unavailable' && row.message.test(message.slice(NOT_ASKED.length));
  }
  return error.code === row.code && row.message.test(message);
}

const INSTEAD = `Live lookup failed; answered from the snapshot of ${SNAPSHOT_DATE}. `;

function isWarning(cell: LookupCell, error: SeenError | undefined): boolean {
  if (error?.type !== 'warning' || error.code !== 'service unavailable' || !error.message.startsWith(INSTEAD)) return false;
  const message = error.message.slice(INSTEAD.length);
  const code = message.startsWith(NOT_ASKED) ? 'service unavailable' : cell.row.code;
  return isFailure(cell, { type: 'fatal', code, message });
}

function judgeAnswer(cell: LookupCell, { status, invalid, listed, errors }: Extract<Outcome, { kind: 'answer' }>): Verdict {
  const problems = invalid.map((problem) => `the answer is not valid: ${problem}`);
  if (status !== 200) problems.push(`HTTP status ${status}, and not 200`);
  const named = errors.map((error) => ({ error, ...readNames(error.message) }));
  let silent = 0;
  for (const type of ['fatal', 'warning']) {
    const fate: Fate = type === 'fatal' ? 'failed' : 'from snapshot';
    const meant = cell.asked.filter((asked) => fateOf(cell, asked) === fate).map(({ value }) => value);
    const said = named.filter(({ error }) => error.type === type);
    const count = said.reduce((sum, { names, more }) => sum + names.length + more, 0);
    if (count !== meant.length) problems.push(`${count} are named with a ${type} error, and not ${meant.length}`);
    const stray = said.flatMap(({ names }) => names).filter((name, at, all) => !meant.includes(name) || all.indexOf(name) !== at);
    if (stray.length > 0) problems.push(`named with a ${type} error, or twice: ${stray.join()}`);
    if (fate === 'failed') silent += Math.max(0, meant.length - (count - stray.length));
  }
  for (const { error } of named) {
    const { type, code } = error;
    // The names at the end are no part of what is matched: no message of a fault is anchored there.
    const isMeant = type === 'warning' ? isWarning(cell, error) : isFailure(cell, error);
    if (!isMeant) problems.push(`an error that is not the fault's: ${type} ${code} ${error.message}`);
  }
  for (const asked of cell.asked) {
    const doc = listed.find(({ value }) => value === asked.value);
    const fate = fateOf(cell, asked);
    const family = fate === 'listed' ? asked.family : fate === 'from snapshot' ? SNAPSHOT_FAMILY : undefined;
    if (doc?.family !== (family ?? undefined)) problems.push(`${asked.value}: listed as ${doc?.family}, and not as ${family}`);
    if (family !== undefined && !doc) silent += 1;
  }
  return { problems, falseCleans: silent };
}

/** The observables at the end of a message: the first five by name, and how many more. */
export function readNames(message: string): { readonly names: readonly string[]; readonly more: number } {
  const [, names = '', more = '0'] = /: ([^\s,]+(?:, [^\s,]+)*)(?: and (\d+) more)?$/.exec(message) ?? [];
  return { names: names === '' ? [] : names.split(', '), more: Number(more) };
}

function judgeUpdate({ end }: UpdateCell, { status, stderr, isOldKept, urls }: Extract<Outcome, { kind: 'update' }>): string[] {
  const problems: string[] = [];
  const wanted = end === 'old' ? 4 : 0;
  if (status !== wanted) problems.push(`exit status ${status}, and not ${wanted}: ${stderr}`);
  if (isOldKept !== (end === 'old')) problems.push(isOldKept ? 'the old list stayed' : 'the old list did not stay as it was');
  if (end === 'old') return problems;
  const missing = list.filter(({ url }) => !urls.includes(url)).length;
  if (missing > 0 || urls.length !== list.length)
    problems.push(`of ${list.length} entries ${missing} are missing among ${urls.length}`);
  const isWhole = stderr.includes('using all.php');
  if (isWhole !== (end === 'all.php')) problems.push(`it is ${isWhole ? '' : 'not '}said to be the list of all.php`);
  return problems;
}
