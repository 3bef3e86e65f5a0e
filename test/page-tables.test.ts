import { describe, expect, test } from 'vitest';
import { exportSettings, inputSettings, outputSettings } from '../src/config.ts';
import { exitStatuses } from '../src/cli/program/help-texts.ts';
import { createProgram } from '../src/cli/program/program.ts';
import { formatCount } from '../src/core/amount.ts';
import type { Judgement, Verdict } from '../src/core/ctim/ctim.ts';
import { judgementSchema, verdictSchema } from '../src/core/ctim/ctim.ts';
import { toJudgement, toVerdict } from '../src/core/ctim/mapper.ts';
import type { Listing } from '../src/core/lookups/tracker.ts';
import type { ModuleAuth } from '../src/relay/docs/module-type.ts';
import { toModuleType } from '../src/relay/docs/module-type.ts';
import type { ErrorCode, RelayErrorCode } from '../src/core/errors.ts';
import { CctError, exitStatusByCode, toRelayError } from '../src/core/errors.ts';
import type { LedgerRow } from '../src/core/ledger/ledger.ts';
import type { SkipReason } from '../src/core/observables/observable.ts';
import type { PassedOverReason } from '../src/text/passed-over.ts';
import { listColumns } from '../src/exports/csv.ts';
import { createLog } from '../src/relay/telemetry/log.ts';
import { PROBLEM_PHRASES } from '../src/relay/http/problem.ts';
import type { TableRow } from './helpers/page-tables.ts';
import {
  differencesFrom,
  endpointsTable,
  exitStatusTable,
  exportFlagsTable,
  rowsUnder,
  settingsTable,
} from './helpers/page-tables.ts';
import { pageAt } from './helpers/pages.ts';

/** Names in the rows that the program does not have, and names that they lack. `namesOf` reads a row. */
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

const ANSWERED_AT = new Date(0);

function toFacts(key: string, message = 'Malicious: Pony') {
  const listing: Listing = { status: 'listed', family: 'Pony', message };
  const [observable, question] = [
    { type: 'url', value: key },
    { type: 'url', key },
  ] as const;
  return { observable, question, listing, answeredAt: ANSWERED_AT, apiUrl: 'https://tracker.example/' };
}

/** The length of the longest `source_uri` that a Judgement has. */
function longestSourceUri(): number {
  const lengths = Array.from({ length: 5000 }, (_, at) => toJudgement(toFacts('x'.repeat(at))).source_uri?.length ?? 0);
  return Math.max(...lengths);
}

/** The value of a field in the table of CTIM fields; undefined where it is that of the observable or of another document. */
function describeValue(field: string, document: Verdict | Judgement): string | undefined {
  if (field === 'observable' || field === 'judgement_id') return undefined;
  if (field === 'reason') {
    return `at most ${formatCount(toJudgement(toFacts('panel.example', 'x'.repeat(5000))).reason.length)} characters`;
  }
  if (field === 'source_uri') return `longer than ${formatCount(longestSourceUri())} characters`;
  const value = Object.entries(document).find(([name]) => name === field)?.[1] as unknown;
  if (field === 'valid_time') {
    return `${(Date.parse(document.valid_time.end_time) - Date.parse(document.valid_time.start_time)) / 86_400_000} days`;
  }
  return String(value).replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/, '<uuid>');
}

/** Differences between the table of CTIM fields and the documents of the mapper. */
function wrongValuesIn(rows: readonly TableRow[]): string[] {
  const judgement = toJudgement(toFacts('panel.example'));
  const documents = [toVerdict(toFacts('panel.example'), judgement), judgement];
  return rows.flatMap(({ place, cells: [field = '', ...cells] }) =>
    documents.flatMap((document, at) => {
      const cell = cells[at] ?? '';
      const expected = cell === '' ? undefined : describeValue(field, document);
      const words = ` ${cell.replace(/[:,;](?= )/g, '')} `;
      return expected === undefined || words.includes(` ${expected} `) ? [] : [`${place}: ${field} is ${expected}`];
    }),
  );
}

const firstCell = ([first = '']: readonly string[]) => first.split(', ');

describe('a table', () => {
  test('of settings is that of the program', () => {
    expect(differencesFrom(pageAt('docs/settings.md'), settingsTable())).toEqual([]);
  });

  test('of the flags of an export is that of the program, as is that of its columns', () => {
    expect(differencesFrom(pageAt('docs/export.md'), exportFlagsTable())).toEqual([]);
    const rows = rowsUnder(pageAt('docs/export.md'), '## Join in an engine');
    expect(differences(rows, listColumns, firstCell)).toEqual([]);
  });

  test('of endpoints is that of the relay', () => {
    expect(differencesFrom(pageAt('docs/relay.md'), endpointsTable())).toEqual([]);
  });

  test('of exit statuses is that of the program, and holds every status of an error', () => {
    expect(differencesFrom(pageAt('docs/errors.md'), exitStatusTable())).toEqual([]);
    const known = exitStatuses.map(({ status }) => status);
    expect(Object.values(exitStatusByCode).filter((status) => !known.includes(status))).toEqual([]);
  });

  test('of exit statuses names every flag that sets one', () => {
    const flags = Object.values(outputSettings).flatMap(({ flag = '' }) => (flag.startsWith('--fail-on-') ? [flag] : []));
    const meanings = exitStatuses.map(({ meaning }) => meaning).join('; ');
    expect(flags.map((flag) => meanings.includes(flag))).toEqual([true, true, true, true]);
  });

  test('of formats is that of the program', () => {
    const firstWord = ([first = '']: readonly string[]) => [first.split(' ')[0] ?? ''];
    const inputs = inputSettings.inputFormat.choices.filter((format) => format !== 'auto');
    expect(differences(rowsUnder(pageAt('docs/input.md'), '## Formats'), inputs, firstWord)).toEqual([]);
    expect(differences(rowsUnder(pageAt('docs/output.md'), '## Formats'), outputSettings.format.choices, firstWord)).toEqual([]);
    expect(differences(rowsUnder(pageAt('docs/export.md'), '## Formats'), exportSettings.format.choices, firstWord)).toEqual([]);
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
      derived: true,
      source: true,
      answered_at: true,
      family: true,
      first_listed: true,
      matched: true,
      related: true,
      older: true,
      seen: true,
      warnings: true,
      change: true,
      verdict: true,
      judgement: true,
      error: true,
    };
    expect(differences(rowsUnder(pageAt('docs/output.md'), '## A row'), Object.keys(fields), firstCell)).toEqual([]);
  });

  test('of reasons to pass over is that of the program', () => {
    const reasons: Record<PassedOverReason, true> = {
      code: true,
      deleted: true,
      'file name': true,
      'mail address': true,
      'mail header': true,
      negated: true,
      'no such top-level domain': true,
      number: true,
      'other type': true,
      range: true,
      'reverse name': true,
      revoked: true,
      version: true,
      wrapper: true,
    };
    const rows = rowsUnder(pageAt('docs/input.md'), '## What is passed over');
    expect(differences(rows, Object.keys(reasons), firstCell)).toEqual([]);
  });

  test("of the relay's statuses is that of the program", () => {
    const known = ['200', ...Object.keys(PROBLEM_PHRASES)];
    expect(differences(rowsUnder(pageAt('docs/relay.md'), '## HTTP statuses'), known, firstCell)).toEqual([]);
  });

  test("of the log's fields is that of the program", () => {
    const lines: string[] = [];
    const log = createLog({ write: (line) => lines.push(line), now: () => new Date(0), isVerbose: false, isQuiet: false });
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
      authFailure: 'No',
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
    // Made without a `CctError`.
    kinds.push('health check failed fatal' satisfies `${RelayErrorCode} fatal`);
    const rows = rowsUnder(pageAt('docs/errors.md'), '## Errors in an answer');
    expect(differences(rows, [...new Set(kinds)], ([code = '', type = '']) => [`${code} ${type}`])).toEqual([]);
  });

  test('of the mapping holds each field of a Verdict and a Judgement, and no other', () => {
    const rows = rowsUnder(pageAt('docs/ctim.md'), '## Fields');
    const fieldsIn = (column: number) => (cells: readonly string[]) => (cells[column] === '' ? [] : [cells[0] ?? '']);
    expect(differences(rows, Object.keys(verdictSchema.shape), fieldsIn(1))).toEqual([]);
    expect(differences(rows, Object.keys(judgementSchema.shape), fieldsIn(2))).toEqual([]);
  });

  test("of CTIM fields has the mapper's values", () => {
    const rows = rowsUnder(pageAt('docs/ctim.md'), '## Fields');
    expect(rows.length).toBeGreaterThan(15);
    expect(wrongValuesIn(rows)).toEqual([]);
  });

  test('of --auth has the choices of the program, its default, and the auth-type of each', async () => {
    const rows = rowsUnder(pageAt('docs/threat-response.md'), '## Other ways to authenticate').map(({ cells }) =>
      cells.slice(0, 2),
    );
    const program = await createProgram({ version: '', onHelp: () => undefined, helpColumns: 80, onInvocation: () => undefined });
    const command = program.commands.find((each) => each.name() === 'module-type');
    const option = command?.options.find(({ long }) => long === '--auth');
    const known = (option?.argChoices ?? []).map((choice) => {
      const auth = choice as ModuleAuth;
      const { properties } = toModuleType({ url: 'https://relay.example', auth, jwksHost: 'keys.example' });
      const type = [properties['auth-type'], properties['configuration-token-alg']].filter((each) => typeof each === 'string');
      return [auth === option?.defaultValue ? `${auth} (default)` : auth, type.join(', ')];
    });
    expect(rows.toSorted()).toEqual(known.toSorted());
  });
});
