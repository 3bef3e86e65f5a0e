import { describe, expect, test } from 'vitest';
import { exitStatuses } from '../src/cli/program/exit-statuses.ts';
import { inputSettings, outputSettings } from '../src/config.ts';
import { judgementSchema, verdictSchema } from '../src/core/ctim.ts';
import type { ErrorCode } from '../src/core/errors.ts';
import { CctError, exitStatusByCode, toRelayError } from '../src/core/errors.ts';
import type { LedgerRow } from '../src/core/ledger.ts';
import type { SkipReason } from '../src/core/observable.ts';
import { createJsonLog } from '../src/relay/telemetry/log.ts';
import { PROBLEM_PHRASES } from '../src/relay/http/problem.ts';
import type { TableRow } from './helpers/page-tables.ts';
import { differencesFrom, endpointsTable, exitStatusTable, rowsUnder, settingsTable } from './helpers/page-tables.ts';
import { pageAt } from './helpers/pages.ts';

/** Where the rows name something that the program does not have, and what they leave out. `namesOf` reads the names of a row. */
function differences(
  rows: readonly TableRow[],
  known: readonly string[],
  namesOf: (cells: readonly string[]) => readonly string[],
) {
  const wrong = rows.flatMap(({ place, cells }) =>
    namesOf(cells)
      .filter((name) => !known.includes(name))
      .map((name) => `${place}: ${name} is unknown`),
  );
  const named = rows.flatMap(({ cells }) => namesOf(cells));
  const missing = known.filter((name) => !named.includes(name)).map((name) => `${rows[0]?.place ?? ''}: the table lacks ${name}`);
  return [...wrong, ...missing];
}

const firstCell = ([first = '']: readonly string[]) => first.split(', ');

describe('a table', () => {
  test('of settings is that of the program', () => {
    expect(differencesFrom(pageAt('docs/settings.md'), settingsTable())).toEqual([]);
  });

  test('of endpoints is that of the relay', () => {
    expect(differencesFrom(pageAt('docs/relay.md'), endpointsTable())).toEqual([]);
  });

  test('of exit statuses is that of the program, and holds every status of an error', () => {
    expect(differencesFrom(pageAt('docs/errors.md'), exitStatusTable())).toEqual([]);
    const known = exitStatuses.map(({ status }) => status);
    expect(Object.values(exitStatusByCode).filter((status) => !known.includes(status))).toEqual([]);
  });

  test('of formats is that of the program', () => {
    const firstWord = ([first = '']: readonly string[]) => [first.split(' ')[0] ?? ''];
    const inputs = inputSettings.inputFormat.choices.filter((format) => format !== 'auto');
    expect(differences(rowsUnder(pageAt('docs/input.md'), '## Formats'), inputs, firstWord)).toEqual([]);
    expect(differences(rowsUnder(pageAt('docs/output.md'), '## Formats'), outputSettings.format.choices, firstWord)).toEqual([]);
  });

  test('of reasons to skip, and of the fields of a row, is that of the program', () => {
    const reasons: Record<SkipReason, true> = {
      private: true,
      credentials: true,
      excluded: true,
      invalid: true,
      unsupported: true,
    };
    expect(differences(rowsUnder(pageAt('docs/input.md'), '## What is skipped'), Object.keys(reasons), firstCell)).toEqual([]);
    const fields: Record<keyof LedgerRow, true> = {
      observable: true,
      status: true,
      reason: true,
      source: true,
      answered_at: true,
      family: true,
      first_listed: true,
      matched: true,
      verdict: true,
      judgement: true,
      error: true,
    };
    expect(differences(rowsUnder(pageAt('docs/output.md'), '## A row'), Object.keys(fields), firstCell)).toEqual([]);
  });

  test("of the relay's statuses is that of the program", () => {
    const known = ['200', ...Object.keys(PROBLEM_PHRASES)];
    expect(differences(rowsUnder(pageAt('docs/relay.md'), '## HTTP statuses'), known, firstCell)).toEqual([]);
  });

  test("of the log's fields is that of the program", () => {
    const lines: string[] = [];
    const log = createJsonLog({ write: (line) => lines.push(line), now: () => new Date(0), isVerbose: false, isQuiet: false });
    const address = '127.0.0.1';
    log.request({
      requestId: 'r1',
      method: 'POST',
      route: '/health',
      status: 200,
      durationMs: 1,
      address,
      outcomes: { listed: 0, unlisted: 0, skipped: 0, failed: 0 },
      errorCodes: ['unknown'],
      hasLeft: true,
      observables: [],
    });
    log.refused({ method: 'GET', status: 400, reason: 'No', address });
    const fields = lines.flatMap((line) => Object.keys(JSON.parse(line) as object));
    const known = [...new Set(fields)].filter((field) => !['level', 'time', 'msg'].includes(field));
    expect(differences(rowsUnder(pageAt('docs/relay.md'), '## Log'), known, firstCell)).toEqual([]);
  });

  test('of errors holds each kind that an answer may carry, and no other', () => {
    // Reported on stderr only: they end a run before there is an answer.
    const neverAnswered: readonly string[] = ['usage', 'output', 'no-snapshot'] satisfies ErrorCode[];
    const kinds = Object.keys(exitStatusByCode)
      .filter((code) => !neverAnswered.includes(code))
      .map((code) => toRelayError(new CctError(code as ErrorCode, '')))
      .map(({ type, code }) => `${code} ${type}`);
    const rows = rowsUnder(pageAt('docs/errors.md'), '## Errors in an answer');
    expect(differences(rows, [...new Set(kinds)], ([code = '', type = '']) => [`${code} ${type}`])).toEqual([]);
  });

  test('of the mapping holds each field of a Verdict and a Judgement, and no other', () => {
    const rows = rowsUnder(pageAt('docs/ctim.md'), '## Fields');
    const fieldsIn = (column: number) => (cells: readonly string[]) => (cells[column] === '' ? [] : [cells[0] ?? '']);
    expect(differences(rows, Object.keys(verdictSchema.shape), fieldsIn(1))).toEqual([]);
    expect(differences(rows, Object.keys(judgementSchema.shape), fieldsIn(2))).toEqual([]);
  });

  test('that differs is named with its page and line', () => {
    const text = '# A\n\n## B\n\n| x | y |\n|---|---|\n| `a` | 1 |\n| b | 2 |\n\n## C\n\n| x |\n|---|\n| c |\n';
    const page = { path: 'docs/a.md', text };
    expect(differencesFrom(page, ['| x | y |', '|---|---|', '| `a` | 1 |', '| b | 2 |'])).toEqual([]);
    expect(differencesFrom(page, ['| x | y |', '|---|---|', '| `a` | 1 |', '| c | 2 |'])).toEqual([
      'docs/a.md:8: is | b | 2 |, should be | c | 2 |',
    ]);
    expect(differencesFrom(page, ['| x | y |', '|---|---|', '| `a` | 1 |'])).toEqual([
      'docs/a.md:8: is | b | 2 |, should be left out',
    ]);
    expect(differencesFrom(page, ['| x | y |', '|---|---|', '| `a` | 1 |', '| b | 2 |', '| c | 3 |'])).toEqual([
      'docs/a.md:9: is missing, should be | c | 3 |',
    ]);
    expect(differencesFrom(page, ['| z |'])).toEqual(['docs/a.md: no table begins with | z |']);
    expect(differences(rowsUnder(page, '## B'), ['a', 'c'], firstCell)).toEqual([
      'docs/a.md:8: b is unknown',
      'docs/a.md:7: the table lacks c',
    ]);
  });
});
