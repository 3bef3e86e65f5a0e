import { describe, expect, test } from 'vitest';
import type { LedgerRow } from '../../src/core/ledger/ledger.ts';
import { createMarkdownFormat } from '../../src/documents/markdown.ts';
import type { ReadableOptions } from '../../src/documents/readable.ts';
import { failedRow, toListedRow, unlistedRow } from '../cli/output/rows.ts';
import { FACTS, toFacts } from './facts.ts';
import { readMarkdown } from './read-documents.ts';

function write(rows: readonly LedgerRow[], options: Partial<ReadableOptions> = {}): string {
  const format = createMarkdownFormat({ isDefanged: true, toFacts, ...options });
  return rows.map((row) => format.add([row])).join('') + [...format.end()].join('');
}

test('is a table below a line of counts and one on the source', () => {
  expect(write([toListedRow('a', 'Pony'), failedRow])).toBe(
    [
      '2 listed of 340 observables; 320 unlisted, 5 skipped, 13 failed',
      'CyberCrime Tracker: live answers, list of 2026-11-28 (2 days old); made 2026-11-30 00:56 UTC by cct 0.1.0',
      '',
      '| Status | Type | Value | Family | First listed | Source | Why |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      '| listed | url | `hxxp://panel[.]example/a` | Pony | 2018-01-14 | live |  |',
      "| failed | ip | `192[.]0[.]2[.]9` |  |  |  | `key error: The tracker's answer is empty` |",
      '',
    ].join('\n'),
  );
});

test('without rows it says so, and is a table still', () => {
  const counts = { listed: 0, unlisted: 1, skipped: 0, failed: 0 };
  const text = write([], { toFacts: () => ({ ...FACTS, counts, answeredBy: new Set(), listDate: undefined }) });
  expect(text).toMatch(
    /^0 listed of 1 observable; 1 unlisted\nCyberCrime Tracker: no answers; .*\n\nNothing is listed\.\n\n\| Status/,
  );
  expect(readMarkdown(text).cells).toHaveLength(1);
  expect(write([])).toContain('\nNo row has the chosen status.\n');
});

test('has the columns of --fields by their paths, and those of changes and warninglists where they are needed', () => {
  const row = { ...toListedRow('a', 'Pony'), warnings: ['Shared', 'Other'], change: 'new' } as const;
  expect(readMarkdown(write([row], { fields: ['observable.value', 'warnings'] })).cells).toEqual([
    ['observable.value', 'warnings'],
    ['hxxp://panel[.]example/a', 'Shared; Other'],
  ]);
  expect(readMarkdown(write([row, unlistedRow], { hasChanges: true })).cells.map((cells) => [cells[0], cells[7]])).toEqual([
    ['Change', 'Warnings'],
    ['new', 'Shared; Other'],
    ['', ''],
  ]);
});

describe('any text is text', () => {
  test.each([
    ...['a|b', 'a\\|b', '\\', 'a\\', '|', '||', '`', '``', '`a`', '``a` |', ' a ', '  ', ' ', '` `', ' `a` ', '\\`|\\`'],
    ...['**b**', '_i_', '~~s~~', '<b>x</b>', '<!-- x', '</td></table>', '&lt;', '&amp;#124;', '[a](http://b.example)', '![x](y)'],
    ...[
      'http://panel.example/',
      'www.panel.example',
      'a@panel.example',
      '<http://a.example>',
      '@all',
      '#1',
      '!1',
      'GH-1',
      ':tada:',
    ],
    ...['$x$', '$`x`$', '{noformat}', '{{x}}', '!http://a.example/b.png!', '[~user]', '- [ ] a', '---', '| --- |', '# a', '> a'],
    ...['javascript:alert(1)', 'xmpp:a@b.example', 'a3c1f0e9b8d7c6a5b4e3d2c1f0a9b8c7d6e5f4a3', '例え'],
  ])('%j', (family) => {
    const { cells, others } = readMarkdown(
      write([toListedRow('a', family)], { isDefanged: false, fields: ['family', 'status'] }),
    );
    expect([cells, others]).toEqual([
      [
        ['family', 'status'],
        [family, 'listed'],
      ],
      [],
    ]);
  });

  test.each([['x'.repeat(10_240)], ['|`'.repeat(5_000)]])('of 10 kB (%#)', (family) => {
    expect(readMarkdown(write([toListedRow('a', family)], { fields: ['family'] })).cells[1]).toEqual([family]);
  });

  test.each([
    ['\n| x |\n', '\uFFFD| x |\uFFFD'],
    ['a\r\n\r\nb', 'a\uFFFD\uFFFD\uFFFD\uFFFDb'],
    ['\u202Eevil\u2028\0\u200B', '\uFFFDevil\uFFFD\uFFFD\uFFFD'],
    ['\uD800', '\uFFFD'],
  ])('without what breaks a line or is invisible: %j', (family, shown) => {
    const { cells, others } = readMarkdown(write([toListedRow('a', family)], { fields: ['family', 'status'] }));
    expect([cells[1], others]).toEqual([[shown, 'listed'], []]);
  });

  // A mention, a reference or a link is found in any text that is no code.
  test('and what is no word or date is code', () => {
    const text = write([toListedRow('a', '@all #1 !2 http://a.example www.a.example a@b.example {x}')], { fields: ['family'] });
    expect(text.split('\n')[5]).toBe('| `@all #1 `&#33;`2 http://a.example www.a.example a@b.example `&#123;`x`&#125; |');
  });
});
