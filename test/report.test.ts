import { expect, test } from 'vitest';
import { replaceSection, toMarkdownTable } from './helpers/report.ts';

const TEXT = '# A\n\n<!-- one -->\nold\n<!-- /one -->\n\n<!-- two -->\n<!-- /two -->\n';

test('a section is replaced, and nothing else', () => {
  const once = replaceSection(TEXT, 'one', '\nnew\n');
  expect(once).toBe('# A\n\n<!-- one -->\n\nnew\n\n<!-- /one -->\n\n<!-- two -->\n<!-- /two -->\n');
  expect(replaceSection(once, 'one', 'new')).toBe(once);
});

test('a section that is not there is an error', () => {
  expect(() => replaceSection(TEXT, 'three', 'x')).toThrow('has no section <!-- three -->');
  expect(() => replaceSection('<!-- /one -->\n<!-- one -->\n', 'one', 'x')).toThrow('has no section');
});

test('a table has its head, its rule and its rows', () => {
  expect(
    toMarkdownTable([
      ['a', 'b'],
      ['1|2', 'x\ny'],
    ]),
  ).toBe('| a | b |\n| --- | --- |\n| 1\\|2 | x y |');
});
