import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { createCsvFormat, csvColumns } from '../../src/cli/output/csv.ts';
import { defang } from '../../src/text/defanged.ts';
import { openFormat } from '../../src/cli/output/formats.ts';
import { createNdjsonFormat } from '../../src/cli/output/formats.ts';
import type { LedgerRow } from '../../src/core/ledger/ledger.ts';
import { toSafeJson, toVisible } from '../../src/core/safe-text.ts';
import { FORMAT_OPTIONS } from '../documents/facts.ts';
import { testProperty } from './cases.ts';
import { anyRows, modeAndRows } from './outcomes.ts';
import { OBEYED } from './texts.ts';

const toJson = (value: unknown): string => JSON.stringify(value);

describe('ndjson', () => {
  testProperty('is a row a line, read back as it was, with nothing that a terminal obeys', [anyRows], (rows) => {
    const format = createNdjsonFormat();
    const lines = rows.map((row) => format.add([row]));
    expect([...format.end()]).toEqual([]);
    const text = lines.join('');
    expect(text.split('\n')).toHaveLength(rows.length + 1);
    expect(text.replaceAll('\n', '')).not.toMatch(OBEYED);
    expect(text).toBe(rows.map((row) => `${toSafeJson(row)}\n`).join(''));
    expect(toJson(lines.map((line): unknown => JSON.parse(line)))).toBe(toJson(rows));
  });
});

describe('json', () => {
  testProperty(
    'is read back with all documents of the rows as they were, and has nothing that a terminal obeys',
    [modeAndRows],
    async ({ mode, rows }) => {
      const format = await openFormat('json', { ...FORMAT_OPTIONS, mode });
      expect(rows.map((row) => format.add([row])).join('')).toBe('');
      const text = [...format.end()].join('');
      expect(text.replaceAll('\n', '')).not.toMatch(OBEYED);
      const answer = JSON.parse(text) as { data?: Record<string, { docs: unknown[] } | undefined> };
      expect(toJson(answer.data?.['verdicts']?.docs ?? [])).toBe(toJson(rows.flatMap(({ verdict }) => verdict ?? [])));
      expect(toJson(answer.data?.['judgements']?.docs ?? [])).toBe(toJson(rows.flatMap(({ judgement }) => judgement ?? [])));
    },
  );
});

describe('csv', () => {
  // OWASP, CSV injection; spreadsheets of some languages take the wide forms too.
  const toHarmless = (cell: string) =>
    cell
      .replace(/(^["\s]+|;["\s]*)(?='*[=+\-@＝＋－＠])|^(?='+[=+\-@＝＋－＠])/g, "$1'")
      .replace(/^(?=[=+\-@\t\r＝＋－＠])/, "'");
  const toCells = (row: LedgerRow, isDefanged: boolean): string[] => {
    const shown = (text: string) => (isDefanged ? defang(text) : text);
    const { observable, status, reason, source, answered_at, family, first_listed, error } = row;
    const { matched, related, older, warnings, seen, change } = row;
    return [
      ...[observable.type, shown(observable.value), status, reason, source, answered_at, family, first_listed],
      ...[error?.code, error?.message, matched?.by, shown(matched?.entry ?? ''), matched?.date],
      ...[related?.by, shown(related?.entry ?? ''), related?.newest, older && (older.date ?? 'unknown')],
      warnings?.join('; '),
      ...[seen && `${seen.first.file}:${seen.first.line}`, seen?.count?.toString(), change],
    ]
      .map((cell) => cell ?? '')
      .map((cell) => toHarmless(toVisible(cell)));
  };

  testProperty(
    'is read back by a parser as the rows were, cleaned as documented, and no cell of it is a formula',
    [anyRows, fc.boolean(), fc.boolean(), fc.boolean()],
    (rows, isDefanged, hasCrlf, hasBom) => {
      const format = createCsvFormat({ isDefanged, hasCrlf, hasBom });
      const text = rows.map((row) => format.add([row])).join('') + [...format.end()].join('');
      const end = hasCrlf ? '\r\n' : '\n';
      expect(text.startsWith('\uFEFF')).toBe(hasBom);
      const records = parse(text, { record_delimiter: end, bom: true });
      const names = csvColumns.map(({ heading }) => heading);
      expect(toJson(records)).toBe(toJson([names, ...rows.map((row) => toCells(row, isDefanged))]));
      expect(records.flat().filter((cell) => cell.split(';').some((part) => /^\s*[=+\-@\t\r]/.test(part)))).toEqual([]);
      expect(text.replace(/^\uFEFF/, '').replaceAll(end, '')).not.toMatch(OBEYED);
    },
  );
});
