import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import type { LedgerRow } from '../../src/core/ledger/ledger.ts';
import { rowPaths } from '../../src/core/ledger/row-paths.ts';
import { toVisible } from '../../src/core/safe-text.ts';
import { readableColumns, toCells } from '../../src/documents/columns.ts';
import { createHtmlFormat } from '../../src/documents/html.ts';
import { createMarkdownFormat } from '../../src/documents/markdown.ts';
import type { RowFormat } from '../../src/documents/row-format.ts';
import { FACTS, toFacts } from '../documents/facts.ts';
import { cellsOf, readHtml, readMarkdown } from '../documents/read-documents.ts';
import { testCostly } from './cases.ts';
import { anyRows } from './outcomes.ts';
import { anyText, OBEYED } from './texts.ts';

/** Pieces that Markdown, HTML, trackers and wikis read as something else than text. */
const marks = fc
  .array(
    fc.oneof(
      anyText,
      fc.constantFrom(
        ...[
          '|',
          '`',
          '``',
          '\\',
          '\\|',
          '*',
          '_',
          '~~',
          '[',
          '](',
          '![',
          '<',
          '>',
          '</',
          '<!--',
          '&',
          '&#124;',
          '&lt;',
          '"',
          "'",
          ' ',
          '  ',
        ],
        ...[
          'http://a.example',
          'www.a.example',
          '@a',
          'a@b.example',
          '#1',
          '$',
          '{',
          '}',
          '!',
          '<script>',
          '</script>',
          '</td>',
          '<b>',
          '-',
        ],
      ),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

const hostileRows = fc.array(fc.tuple(marks, marks, marks), { maxLength: 4 }).map((texts): LedgerRow[] =>
  texts.map(([value, family, message]) => ({
    ...{ observable: { type: family, value }, status: 'failed', family, warnings: [message, value] },
    error: { type: 'fatal', code: 'key error', message },
  })),
);

const someRows = fc.oneof(anyRows, hostileRows);
const fields = fc.option(fc.array(fc.constantFrom(...rowPaths), { minLength: 1, maxLength: 4 }), { nil: undefined });
const cost = { oneOf: 2, why: 'each document is parsed' };

function write(format: RowFormat, rows: readonly LedgerRow[]): string {
  return rows.map((row) => format.add([row])).join('') + [...format.end()].join('');
}

/** The cells that a reader should see: with all columns, since a row is on a warninglist. */
function expectedCells(
  rows: readonly LedgerRow[],
  isDefanged: boolean,
  chosen: typeof fields extends fc.Arbitrary<infer T> ? T : never,
) {
  const columns = readableColumns({ fields: chosen });
  return [columns.map(({ heading }) => heading), ...rows.map((row) => toCells(row, columns, isDefanged).map(toVisible))];
}

const marked: LedgerRow = { observable: { type: 'ip', value: '192.0.2.1' }, status: 'unlisted', warnings: ['x'] };

describe('markdown', () => {
  testCostly(
    'is read back by a parser as the rows were, with nothing but text in its cells',
    cost,
    [someRows, fc.boolean(), fields],
    (rows, isDefanged, chosen) => {
      const all = [...rows, marked];
      const text = write(createMarkdownFormat({ isDefanged, toFacts, fields: chosen }), all);
      const { cells, others } = readMarkdown(text);
      // At the edges of a cell blanks are no part of it.
      const trimmed = (table: readonly (readonly string[])[]) => table.map((row) => row.map((cell) => cell.trim()));
      expect(trimmed(cells)).toEqual(trimmed(expectedCells(all, isDefanged, chosen)));
      expect(others).toEqual([]);
      expect(text.replaceAll('\n', '')).not.toMatch(OBEYED);
    },
  );
});

describe('html', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('base64');
  const empty = readHtml(write(createHtmlFormat({ isDefanged: true, toFacts, sha256 }), [marked])).map(({ name }) => name);

  testCostly(
    'is read back by a parser as the rows were, with no element or attribute of theirs',
    cost,
    [someRows, marks, fc.boolean(), fields],
    (rows, commandLine, isDefanged, chosen) => {
      const all = [...rows, marked];
      const format = createHtmlFormat({ isDefanged, toFacts: () => ({ ...FACTS, commandLine }), sha256, fields: chosen });
      const text = write(format, all);
      const elements = readHtml(text);
      expect(cellsOf(elements)).toEqual(expectedCells(all, isDefanged, chosen));
      expect(elements.find(({ name }) => name === 'code')?.text).toBe(toVisible(commandLine));
      expect(elements.filter(({ name }) => !empty.includes(name))).toEqual([]);
      const attributes = new Set(elements.filter(({ name }) => name !== 'meta').flatMap((one) => Object.keys(one.attributes)));
      const known = [
        'lang',
        'class',
        'id',
        'hidden',
        'type',
        'autocomplete',
        'spellcheck',
        'value',
        'aria-live',
        'role',
        'scope',
      ];
      expect(
        [...attributes].filter(
          (name) => ![...known, 'data-status', 'data-heading', 'data-real', 'dir', 'tabindex'].includes(name),
        ),
      ).toEqual([]);
      expect(text.replaceAll('\n', '')).not.toMatch(OBEYED);
    },
  );
});
