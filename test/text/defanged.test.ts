import { describe, expect, test } from 'vitest';
import { refang } from '../../src/text/refang.ts';
import { expectAllFound, expectFound, found } from './tables.ts';

const HEADS = [
  ...'hxxp:// hXXp:// HXXP:// meow:// h**p:// H**P:// http[:]// hXXp[:]// http(:)// http[://] http(://) http[:// http:[//]'.split(
    ' ',
  ),
  ...'http:[/][/] http:/[/] http[:][/][/] http__ hxxp__ http:\\\\ http:\\/\\/'.split(' '),
  ...['http[:// ', 'http[:// ]', 'hxxp:// ', 'hxxp ://', 'http ://'],
];
const HOSTS = [
  ...'panel.example panel[.]example panel(.)example panel{.}example panel[dot]example panel[DOT]example'.split(' '),
  ...'panel(dot)example panel{dot}example panel\\.example panel[.example panel.]example'.split(' '),
  ...'panel[.[example panel].]example panel].[example'.split(' '),
  ...['panel[ . ]example', 'panel( dot )example', 'panel [.] example'],
];
const ADDRESSES = [
  ...'192[.]0[.]2[.]1 192.0.2[.]1 192(.)0(.)2(.)1 192(.)0(.)2(dot)1 192{.}0{.}2{.}1 192[dot]0[dot]2[dot]1'.split(' '),
  ...'192\\.0\\.2\\.1 192[.0[.2[.1 192.]0.]2.]1 192.]0.2.1'.split(' '),
  ...['192 [.] 0 [.] 2 [.] 1', '192[.[0[.[2[.[1', '192].[0].[2].[1'],
];

describe('alone and in a sentence', () => {
  test.each(HEADS)('%j begins a URL with a host in any spelling', (head) => {
    const urls = HOSTS.map((host) => `${head}${host}/a`);
    expect([...new Set(urls.map(refang))]).toEqual(['http://panel.example/a']);
    expectAllFound(
      ['url http://panel.example/a'],
      urls.map((url) => `see ${url} now`),
    );
  });

  test.each(ADDRESSES)('%j is an address', (written) => {
    expect([refang(written), found(`from ${written} on`), found(`from ${written}.`)]).toEqual([
      '192.0.2.1',
      ['ip 192.0.2.1'],
      ['ip 192.0.2.1'],
    ]);
  });
});

test('a blank behind a plain scheme is part of the URL alone, and before a host with blanks', () => {
  const wanted = ['url http://panel.example/a'];
  expectFound({
    'http:// panel.example/a': wanted,
    'see http:// panel .example /a now': wanted,
    'see http:// panel.example/a now': ['url panel.example/a'],
  });
});

test('a scheme with a blank behind it and no host is none', () => {
  expectFound({
    'https :// NOTICE': [],
    'types http :8080 and http :x': [],
    'over http (see panel.example)': ['domain panel.example'],
  });
});
