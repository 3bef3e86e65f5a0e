import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { createManPage, toRoff } from '../../../src/cli/program/man-page.ts';

const [page = ''] = packageJson.man;

test('the page of the package is the one that the program makes', async () => {
  expect(readFileSync(page, 'utf8')).toBe(`${await createManPage()}\n`);
});

describe('the man page', () => {
  test('has a flag once for all commands, and names the command where another means something else by it', async () => {
    const [, options = ''] = /^\.SH OPTIONS\n([^]*?)^\.SH /m.exec(await createManPage()) ?? [];
    const [general = '', specific = ''] = options.split('.SS Command\\-specific\n');
    const flagsIn = (text: string) => [...text.matchAll(/^\\fB(?:\\-\w, )?(\\-\\-[\w\\-]+)/gm)].map(([, flag]) => flag);
    expect(flagsIn(general).length).toBeGreaterThan(40);
    expect(flagsIn(general)).toEqual([...new Set(flagsIn(general))]);
    expect(options).not.toContain('serve: ');
    const texts = specific
      .split('.TP\n')
      .slice(1)
      .map((entry) => entry.split('\n')[1]);
    expect(texts.filter((text) => !/^(?:health|module\\-type|snapshot \w+|config(?: init)?): /.test(text ?? ''))).toEqual([]);
    expect(flagsIn(specific)).toEqual(expect.arrayContaining(['\\-\\-url', '\\-\\-output', '\\-\\-format']));
  });

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
