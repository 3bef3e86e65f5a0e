import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { replaceSection, toMarkdownTable, writeReport } from './helpers/report.ts';
import { openTempDir } from './helpers/run-cct.ts';

const TEXT = '# A\n\n<!-- one -->\nold\n<!-- /one -->\n\n<!-- two -->\n<!-- /two -->\n';

test('a section is replaced, and nothing else', () => {
  const once = replaceSection(TEXT, 'one', '\nnew\n');
  expect(once).toBe('# A\n\n<!-- one -->\n\nnew\n\n<!-- /one -->\n\n<!-- two -->\n<!-- /two -->\n');
  expect(replaceSection(once, 'one', 'new')).toBe(once);
});

test('a report stands in its section, below when and where it was made', () => {
  const file = join(openTempDir(), 'report.md');
  writeFileSync(file, TEXT);
  writeReport('one', 'quick', new Date('2026-03-01T12:00:00.000Z'), file);
  const [, report] = /<!-- one -->\n([^]*)<!-- \/one -->/.exec(readFileSync(file, 'utf8')) ?? [];
  expect(report).toMatch(/^\n2026-03-01, Node \d+\.\d+\.\d+, \w+ \w+, \d+ cores\.\n\nquick\n\n$/);
});

test('a section that is not there is an error', () => {
  expect(() => replaceSection(TEXT, 'three', 'x')).toThrow('There is no section <!-- three -->');
  expect(() => replaceSection('<!-- /one -->\n<!-- one -->\n', 'one', 'x')).toThrow('There is no section');
});

test('a table has its head, its rule and its rows', () => {
  expect(
    toMarkdownTable([
      ['a', 'b'],
      ['1|2', 'x\ny'],
    ]),
  ).toBe('| a | b |\n| --- | --- |\n| 1\\|2 | x y |');
});
