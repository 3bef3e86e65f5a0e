import { expect, test } from 'vitest';
import { text } from '../../src/records/text.ts';
import { collect } from './collect-lines.ts';

test.each([
  ['hxxp://panel[.]\nexample/d12/cp.php', ['url http://panel.example/d12/cp.php']],
  ['see evil[.]\n  example for it', ['domain evil.example']],
  ['hxxp://\npanel[.]example/a', ['url http://panel.example/a']],
  ['192[.]0[.]2[.]\n1', ['ip 192.0.2.1']],
  ['a[.]\nb[.]\nexample', ['domain a.b.example']],
  ['panel[.]example\n192.0.2.1', ['domain panel.example', 'ip 192.0.2.1']],
  ['panel[.]', []],
  ['It ends.\n192.0.2.1', ['ip 192.0.2.1']],
])('a value that breaks where it was defanged goes on in the next line: %j', (report, wanted) => {
  for (const size of [undefined, 1]) expect(collect(text, report, size === undefined ? {} : { size }).found).toEqual(wanted);
});

test.each([
  ['Defang it as hxxp:// and panel[.]\n192.0.2.1 is next', ['ip 192.0.2.1']],
  ['They write http://\nhttp://panel.example/a', ['url http://panel.example/a']],
  ['They write hxxp[:]//\nhxxps[:]//panel[.]example/a', ['url https://panel.example/a']],
  ['They write http://\nThe host is panel.example', ['domain panel.example']],
  ['They write http://\npanel.example is a host', ['domain panel.example']],
  ['They write http://\n192.0.2.1', ['ip 192.0.2.1']],
  ['They write panel[.]\nThe host is 192.0.2.1', ['ip 192.0.2.1']],
  ['They write panel[.]\n\n192.0.2.1', ['ip 192.0.2.1']],
  ['hxxp://\nhxxp://\n192.0.2.1', ['ip 192.0.2.1']],
  ['hxxp://panel[.]example/gate[.]\nphp?a=1', ['url http://panel.example/gate.php?a=1']],
  ['192[.]0[.]\n2[.]\n1:8080/a', ['url 192.0.2.1:8080/a']],
])('a line that ends in a mark of defanging leaves a whole next line as it is: %j', (report, wanted) => {
  for (const size of [undefined, 1]) expect(collect(text, report, size === undefined ? {} : { size }).found).toEqual(wanted);
});

const DEFENDED = [
  'https://urldefense.com/v3/__https://panel.example/a__;!!abc!def$',
  'hxxps://urldefense[.]com/v3/__hxxps://panel[.]example/a__;!!abc!def$',
  'hxxps[:]//urldefense[.]us/v3/__hxxps[:]//panel[.]example/a__;!!abc!def$',
  'https://urldefense.proofpoint.com/v3/__https://panel.example/*a__;Iw!!abc$',
  `https://urldefense.com/v3/__https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fpanel.example%2Fa&data=05*7C01__;JQ!!abc$`,
];

test.each(DEFENDED)('the URL within one of URL Defense is found wherever that stands: %s', (url) => {
  const inner = url.includes('*a') ? 'url https://panel.example/#a' : 'url https://panel.example/a';
  const lines = [
    '|',
    'see | now',
    '[the panel](|)',
    '<|>',
    '"|"',
    'the panel <|>, then',
    '1;|;allowed',
    '(|).',
    '**|**',
    '_|_',
    'u=|',
  ];
  for (const line of lines)
    expect(
      collect(
        text,
        line.replace('|', () => url),
      ).found,
    ).toEqual([inner]);
  expect(collect(text, `${url} ${url} http://drop.example/a`).found).toEqual([inner, inner, 'url http://drop.example/a']);
});
