import { existsSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';

const document = readFileSync('SECURITY.md', 'utf8');
const TEST = /`(test\/[\w/.-]+)`: `([^`]+)`/g;

/** The titles of a test file: each text that is the first argument of a call. */
function titlesIn(file: string): Set<string> {
  const titles = new Set<string>();
  const visit = (node: ts.Node): void => {
    const [first] = ts.isCallExpression(node) ? node.arguments : [];
    if (first && ts.isStringLiteralLike(first)) titles.add(first.text);
    // With its places for values as they are written.
    if (first && ts.isTemplateExpression(first)) titles.add(first.getText().slice(1, -1));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));
  return titles;
}

test('each threat has a test, and each test that is named is there', () => {
  const rows = document.split('\n').filter((line) => /^\| (?!threat )/.test(line));
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.filter((row) => [...row.matchAll(TEST)].length === 0)).toEqual([]);
  const named = [...document.matchAll(TEST)].map(([, file = '', title = '']) => ({ file, title }));
  expect(named.filter(({ file, title }) => !existsSync(file) || !titlesIn(file).has(title))).toEqual([]);
});
