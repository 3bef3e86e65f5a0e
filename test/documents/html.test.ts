import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { LedgerRow } from '../../src/core/ledger/ledger.ts';
import type { HtmlOptions } from '../../src/documents/html.ts';
import { createHtmlFormat } from '../../src/documents/html.ts';
import { growthOf, MOST_GROWTH } from '../generated/growth.ts';
import { failedRow, HOSTILE, OBEYED_BUT_LINES, toListedRow } from '../cli/output/rows.ts';
import { FACTS, toFacts } from './facts.ts';
import { cellsOf, readHtml } from './read-documents.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64');

function write(rows: readonly LedgerRow[], options: Partial<HtmlOptions> = {}): string {
  const format = createHtmlFormat({ isDefanged: true, toFacts, sha256, ...options });
  return rows.map((row) => format.add([row])).join('') + [...format.end()].join('');
}

test('tells counts, command line, source and time, above a table', () => {
  const elements = readHtml(write([toListedRow('a', 'Pony'), failedRow]));
  const texts = (name: string) => elements.filter((element) => element.name === name).map(({ text }) => text);
  expect([texts('title'), texts('h1'), texts('li'), texts('dd')]).toEqual([
    ['2 listed of 340 observables; 320 unlisted, 5 skipped, 13 failed'],
    ['2 listed of 340 observables'],
    ['2 listed', '320 unlisted', '5 skipped', '13 failed'],
    ['cct observe report.txt', 'live answers, list of 2026-11-28 (2 days old)', '2026-11-30 00:56 UTC by cct 0.1.0'],
  ]);
  expect(cellsOf(elements)).toEqual([
    ['Status', 'Type', 'Value', 'Family', 'First listed', 'Source', 'Why'],
    ['listed', 'url', 'hxxp://panel[.]example/a', 'Pony', '2018-01-14', 'live', ''],
    ['failed', 'ip', '192[.]0[.]2[.]9', '', '', '', "key error: The tracker's answer is empty"],
  ]);
});

test('allows its own style and script alone, by their hashes, and asks for nothing', () => {
  const elements = readHtml(write([toListedRow('a', 'Pony')]));
  const [style, script] = ['style', 'script'].map((name) => elements.filter((element) => element.name === name));
  expect([style?.length, script?.length]).toEqual([1, 1]);
  const policy = elements.find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy')?.attributes['content'];
  expect(policy).toBe(
    `default-src 'none'; style-src 'sha256-${sha256(style?.[0]?.text ?? '')}'; script-src 'sha256-${sha256(script?.[0]?.text ?? '')}'; base-uri 'none'; form-action 'none'`,
  );
  const names = new Set(elements.flatMap(({ attributes }) => Object.keys(attributes)));
  expect([...names].filter((name) => /^(?:on|src|href|action|style)/.test(name))).toEqual([]);
  expect(`${style?.[0]?.text ?? ''}${script?.[0]?.text ?? ''}`).not.toMatch(/url\(|@import|import\(|fetch|http/i);
});

test('without rows it says so, and has no table', () => {
  const counts = { listed: 0, unlisted: 1, skipped: 0, failed: 0 };
  const elements = readHtml(write([], { toFacts: () => ({ ...FACTS, counts }) }));
  expect(elements.filter(({ name }) => name === 'p').map(({ text }) => text)).toEqual([
    'CyberCrime Tracker lists malware command-and-control panels.',
    'Nothing is listed.',
  ]);
  expect(elements.filter(({ name }) => name === 'table')).toEqual([]);
});

test('holds the value as it is for copying, and shows it defanged unless it should not', () => {
  const codes = (isDefanged: boolean) =>
    readHtml(write([toListedRow('a', 'x')], { isDefanged, fields: ['observable.value'] }))
      .filter(({ attributes }) => 'data-real' in attributes)
      .map(({ text, attributes }) => [text, attributes['data-real']]);
  expect(codes(true)).toEqual([['hxxp://panel[.]example/a', 'http://panel.example/a']]);
  expect(codes(false)).toEqual([['http://panel.example/a', 'http://panel.example/a']]);
});

describe('any text is text', () => {
  test.each([
    ...[
      '</script><script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "' onmouseover='alert(1)",
      '<!--',
      ']]>',
      '&lt;&amp;',
    ],
    ...['&#x3C;b>', '<svg/onload=alert(1)>', '</td></tr></table>', '</style>', '`${1}`', 'javascript:alert(1)', ' a  b '],
  ])('%j', (hostile) => {
    const elements = readHtml(
      write([toListedRow(hostile, hostile)], { isDefanged: false, fields: ['observable.value', 'family'] }),
    );
    expect(cellsOf(elements)[1]).toEqual([`http://panel.example/${hostile}`, hostile]);
    const names = readHtml(write([toListedRow('a', 'x')], { fields: ['observable.value', 'family'] })).map(({ name }) => name);
    expect(elements.map(({ name }) => name)).toEqual(names);
  });

  test('of 10 kB', () => {
    const [, cells] = cellsOf(readHtml(write([toListedRow('a', 'x'.repeat(10_240))], { fields: ['family'] })));
    expect(cells).toEqual(['x'.repeat(10_240)]);
  });

  test('in the command line too', () => {
    const commandLine = "cct observe '</code><script>alert(1)</script>'";
    const [shown] = readHtml(write([], { toFacts: () => ({ ...FACTS, commandLine }) })).filter(({ name }) => name === 'code');
    expect(shown?.text).toBe(commandLine);
  });

  test('without what is invisible or reorders', () => {
    const text = write([toListedRow(HOSTILE, HOSTILE)]);
    expect(text.replace(/<style>[^]*?<\/style>|<script>[^]*?<\/script>/g, '')).not.toMatch(OBEYED_BUT_LINES);
  });
});

test('takes linear time in the number of rows', () => {
  const row = toListedRow('a', 'Pony');
  const work = (text: string) => write(Array.from(text, () => row));
  expect(growthOf(work, 'x'.repeat(1_000), 'x'.repeat(4_000))).toBeLessThan(MOST_GROWTH);
});
