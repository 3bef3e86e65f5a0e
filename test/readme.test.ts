import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { exitStatuses } from '../src/cli/exit-statuses.ts';
import type { ErrorCode } from '../src/core/errors.ts';
import { createJsonLog } from '../src/relay/log.ts';
import { PROBLEM_PHRASES } from '../src/relay/problem.ts';
import { CctError, exitStatusByCode, toRelayError } from '../src/core/errors.ts';
import { judgementSchema, verdictSchema } from '../src/core/ctim.ts';
import { endpointsTable, exitStatusTable, readReadme, settingsTable } from './helpers/readme.ts';

const readme = await readReadme();

describe('the first screen', () => {
  test('holds exactly the two commands for a fresh machine', () => {
    const commands = [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block.trim());
    expect(commands).toEqual(['npm ci && npx cct observe observables.json --snapshot sample', 'npm ci && npm test']);
    expect(readme.split('\n').slice(0, 24).join('\n')).toContain(commands[1]);
  });
});

/** The rows of the table under a heading, as lists of cells without the code marks. */
function tableUnder(heading: string): string[][] {
  const section = readme.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(1).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.replaceAll('`', '').trim()),
  );
}

describe('a table', () => {
  test('of settings is that of the program', () => {
    expect(readme).toContain(settingsTable());
  });

  test('of endpoints is that of the relay', () => {
    expect(readme).toContain(endpointsTable());
  });

  test("of the relay's statuses is that of the program", () => {
    const known = ['200', ...Object.keys(PROBLEM_PHRASES)].sort();
    const rows = tableUnder('Relay').map(([first = '']) => first);
    expect(rows.filter((first) => /^\d{3}$/.test(first))).toEqual(known);
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
    const known = new Set(fields.filter((field) => !['level', 'time', 'msg'].includes(field)));
    const rows = tableUnder('Relay').flatMap(([first = '']) => first.split(', '));
    const from = rows.indexOf('request_id');
    expect(rows.slice(from, from + known.size).sort()).toEqual([...known].sort());
  });

  test('of exit statuses is that of the program, and holds every status of an error', () => {
    expect(readme).toContain(exitStatusTable());
    const known = exitStatuses.map(({ status }) => status);
    expect(Object.values(exitStatusByCode).filter((status) => !known.includes(status))).toEqual([]);
  });

  test('of errors holds each kind that an answer may carry, and no other', () => {
    // Told on stderr only: they end a run before there is an answer.
    const neverAnswered: readonly string[] = ['usage', 'output', 'no-snapshot'] satisfies ErrorCode[];
    const kinds = Object.keys(exitStatusByCode)
      .filter((code) => !neverAnswered.includes(code))
      .map((code) => toRelayError(new CctError(code as ErrorCode, '')))
      .map(({ type, code }) => `${type} ${code}`);
    const rows = tableUnder('Errors').map(([code, type]) => `${type ?? ''} ${code ?? ''}`);
    expect([...new Set(rows)].sort()).toEqual([...new Set(kinds)].sort());
  });

  test('of the mapping holds each field of a Verdict and a Judgement, and no other', () => {
    const rows = tableUnder('Mapping');
    expect(
      rows
        .filter(([, verdict]) => verdict !== '')
        .map(([field]) => field)
        .sort(),
    ).toEqual(Object.keys(verdictSchema.shape).sort());
    expect(
      rows
        .filter(([, , judgement]) => judgement !== '')
        .map(([field]) => field)
        .sort(),
    ).toEqual(Object.keys(judgementSchema.shape).sort());
  });
});

test('every local link leads to a file', () => {
  const targets = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target = '']) => target);
  expect(targets.length).toBeGreaterThan(0);
  expect(targets.filter((target) => !existsSync(target))).toEqual([]);
});
