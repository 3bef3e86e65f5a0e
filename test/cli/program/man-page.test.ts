import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { createManPage, toRoff } from '../../../src/cli/program/man-page.ts';

const [page = ''] = packageJson.man;

test('the page of the package is the one that the program makes', () => {
  expect(readFileSync(page, 'utf8')).toBe(`${createManPage()}\n`);
});

describe('the man page', () => {
  test.each([
    ['.so /etc/passwd', '\\&.so /etc/passwd'],
    ["'quoted' word", "\\&'quoted' word"],
    ['C:\\cct', 'C:\\ecct'],
    ['--no-cache', '\\-\\-no\\-cache'],
    ["the tracker's. text", "the tracker's. text"],
  ])('shows a text as it is, though roff might obey it: %j', (text, roff) => {
    expect(toRoff(text)).toBe(roff);
  });
});
