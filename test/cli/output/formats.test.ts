import { describe, expect, test } from 'vitest';
import type { FormatName } from '../../../src/cli/output/formats.ts';
import { openFormat } from '../../../src/cli/output/formats.ts';
import { FORMAT_OPTIONS } from '../../documents/facts.ts';
import type { LedgerRow, Mode } from '../../../src/core/ledger/ledger.ts';
import { validateAnswer } from '../../helpers/relay-schema.ts';
import { failedRow, HOSTILE, OBEYED_BUT_LINES, skippedRow, toListedRow, unlistedRow } from './rows.ts';

/** What is printed with each row, and what at the end. */
async function write(name: FormatName, rows: readonly LedgerRow[], mode: Mode = 'observe') {
  const format = await openFormat(name, { ...FORMAT_OPTIONS, mode });
  const early = rows.map((row) => format.add([row]));
  return { early, late: [...format.end()].join('') };
}

describe('json', () => {
  test('is a relay answer, printed at the end', async () => {
    const listed = toListedRow('a', 'Pony');
    const { early, late } = await write('json', [listed, unlistedRow, skippedRow, failedRow]);
    expect(early).toEqual(['', '', '', '']);
    expect(validateAnswer(JSON.parse(late))).toEqual([]);
    expect(JSON.parse(late)).toEqual({
      data: { verdicts: { count: 1, docs: [listed.verdict] }, judgements: { count: 1, docs: [listed.judgement] } },
      errors: [{ type: 'fatal', code: 'key error', message: "The tracker's answer is empty: 192.0.2.9" }],
    });
  });

  test('of deliberate has no judgements, and no word of one', async () => {
    const listed = toListedRow('a', 'Pony', 'deliberate');
    const { late } = await write('json', [listed], 'deliberate');
    expect(JSON.parse(late)).toEqual({ data: { verdicts: { count: 1, docs: [listed.verdict] } } });
    expect(late).not.toContain('judgement');
  });

  test('of nothing, of what is not listed and of what is skipped, is one and the same', async () => {
    const texts = await Promise.all([[], [unlistedRow], [skippedRow, unlistedRow]].map((rows) => write('json', rows)));
    expect(texts.map(({ late }) => late)).toEqual(['{"data":{}}\n', '{"data":{}}\n', '{"data":{}}\n']);
  });

  test('of failures alone has no data', async () => {
    const { late } = await write('json', [failedRow, unlistedRow]);
    expect(JSON.parse(late)).toEqual({
      errors: [{ type: 'fatal', code: 'key error', message: "The tracker's answer is empty: 192.0.2.9" }],
    });
  });

  test('holds no control character raw, and loses none', async () => {
    const { late } = await write('json', [toListedRow(HOSTILE, HOSTILE)]);
    expect(late).not.toMatch(OBEYED_BUT_LINES);
    expect(JSON.stringify(JSON.parse(late))).toContain(JSON.stringify(`http://panel.example/${HOSTILE}`));
  });
});

describe('ndjson', () => {
  test('is a line a row, printed with the row', async () => {
    const rows = [toListedRow('a', 'Pony'), unlistedRow, skippedRow, failedRow];
    const { early, late } = await write('ndjson', rows);
    expect(late).toBe('');
    expect(early.map((line) => line.indexOf('\n') === line.length - 1)).toEqual([true, true, true, true]);
    expect(early.map((line): unknown => JSON.parse(line))).toEqual(rows);
  });

  test('holds no control character raw, and loses none', async () => {
    const row = toListedRow(HOSTILE, HOSTILE);
    const { early } = await write('ndjson', [row]);
    expect(early.join('').trimEnd()).not.toMatch(/[\r\n]/);
    expect(early.join('')).not.toMatch(OBEYED_BUT_LINES);
    expect(JSON.parse(early.join(''))).toEqual(row);
  });
});

test('csv is printed row by row, the table at the end', async () => {
  const csv = await write('csv', [unlistedRow, skippedRow]);
  const table = await write('table', [unlistedRow, skippedRow]);
  expect(csv.early.map((text) => text.split('\n').length)).toEqual([3, 2]);
  expect([csv.late, table.early]).toEqual(['', ['', '']]);
  expect(table.late.split('\n')).toHaveLength(4);
});
