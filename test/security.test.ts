import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const document = readFileSync('SECURITY.md', 'utf8');
const TEST = /`(test\/[\w/.-]+)`: `([^`]+)`/g;

// A quoted text right behind the bracket of a call.
const FIRST_ARGUMENT = /\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g;

/** The titles in a test file: each text that is the first argument of a call. */
function titlesIn(file: string): Set<string> {
  const calls = readFileSync(file, 'utf8').matchAll(FIRST_ARGUMENT);
  return new Set([...calls].map(([, , title = '']) => title.replace(/\\(['"`])/g, '$1')));
}

test('each threat has a test that exists', () => {
  const rows = document.split('\n').filter((line) => /^\| (?!threat )/.test(line));
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.filter((row) => [...row.matchAll(TEST)].length === 0)).toEqual([]);
  const named = [...document.matchAll(TEST)].map(([, file = '', title = '']) => ({ file, title }));
  expect(named.filter(({ file, title }) => !existsSync(file) || !titlesIn(file).has(title))).toEqual([]);
});
