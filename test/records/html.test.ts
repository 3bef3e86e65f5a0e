import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openHtml, readHtml, recogniseHtml } from '../../src/records/html.ts';
import type { Collected } from './collect-mail.ts';
import { collect } from './collect-mail.ts';

function read(html: string): Collected {
  const collected = collect();
  readHtml(html, collected.reading);
  return collected;
}

const toHead = (text: string) => ({ name: 'input', text, lines: text.split('\n') });

test.each([
  '<!DOCTYPE html><html>',
  '<html lang="en">',
  '\uFEFF\n <HTML>',
  '<!-- saved from url=(0024)http://panel.example/ -->\n<html>',
  '<?xml version="1.0"?><!DOCTYPE html PUBLIC "x">',
  '<head><title>x',
  '<body>',
  '<div>x',
  '<p>x',
  '<table border=1>',
  '<a href="http://panel.example/">',
])('%j is HTML', (text) => {
  expect(recogniseHtml(toHead(text))).toBe('HTML');
});

test.each([
  '',
  'x <p>',
  '<http://panel.example/>',
  '<?xml version="1.0"?><rss>',
  '<!-- <html>',
  '<pre-1>',
  '<a>',
  '{"html": "<html>"}',
])('%j is none', (text) => {
  expect(recogniseHtml(toHead(text))).toBeUndefined();
});

test.each<[string, string, string[]]>([
  ['entities in text', 'http://panel.example/?a=1&amp;b=2', ['http://panel.example/?a=1&b=2']],
  ['entities in links', '<a href="http://panel.example/?a=1&amp;b=&#50;">x</a>', ['http://panel.example/?a=1&b=2']],
  ['inline elements join', 'http://pan<b>el</b>.exam<wbr>ple/a<span class="x">b</span>c', ['http://panel.example/abc']],
  ['unknown elements join', '192.0.<o:p>2</o:p>.1', ['192.0.2.1']],
  ['blocks separate', '<td>192.0.2.1</td><td>7</td>', ['192.0.2.1']],
  ['a line break separates', 'http://panel.example/a<br>b', ['http://panel.example/a']],
  ['each line is read by itself', '<pre>192.0.2.1\n192.0.2.2</pre>', ['192.0.2.1', '192.0.2.2']],
  ['comments', 'x<!-- <a href="http://panel.example/a"> -->', ['http://panel.example/a']],
  ['conditional comments', '<!--[if mso]><img src="http://panel.example/a"><![endif]-->', ['http://panel.example/a']],
  ['scripts', '<script>location = "http://panel.example/a";</script>', ['http://panel.example/a']],
  ['styles', '<style>a { background: url("http://panel.example/a") }</style>', ['http://panel.example/a']],
  ['titles', '<title>see http://panel.example/a</title>', ['http://panel.example/a']],
  ['templates', '<template><p>http://panel.example/a</p></template>', ['http://panel.example/a']],
  ['pages without scripts', '<noscript><img src="http://panel.example/a"></noscript>', ['http://panel.example/a']],
  ['text areas', '<textarea>http://panel.example/a</textarea>', ['http://panel.example/a']],
  ['an unclosed tag at the end', '<a href="http://panel.example/a', ['http://panel.example/a']],
  ['an unclosed comment at the end', '<!-- http://panel.example/a', ['http://panel.example/a']],
])('text: %s', (_, html, found) => {
  expect(read(html).found).toEqual(found);
});

const A = 'http://panel.example/a';

test.each<[string, string, string[]]>([
  ...['href', 'src', 'action', 'formaction', 'data', 'poster', 'background', 'cite', 'longdesc', 'xlink:href'].map(
    (name): [string, string, string[]] => [name, `<x ${name}='${A}'>`, [A]],
  ),
  ['in capitals, without quotes', `<A HREF=${A}>`, [A]],
  ['a base', `<base href="${A}">`, [A]],
  ['whole, as it stands', '<a href="http://panel.example/a,b;c) d">', ['http://panel.example/a,b;c) d']],
  ['trimmed, without line breaks', '<a href=" \n http://panel.exa\n\tmple/a \t">', [A]],
  ['backslashes', '<a href="http:\\\\panel.example/a">', [A]],
  ['backslashes in the path', '<a href="http:\\\\panel.example\\a">', [A]],
  ['mixed slashes', '<a href="HTTPS:/\\panel.example\\a/b\\c">', ['HTTPS://panel.example/a/b/c']],
  ['backslashes without a scheme', '<img src="\\\\panel.example\\a">', ['panel.example/a']],
  ['slashes that a script escapes', '<a href="http:\\/\\/panel.example\\/a">', [A]],
  ['a backslash in the query', '<a href="http://panel.example\\a?b=\\c#\\d">', ['http://panel.example/a?b=\\c#\\d']],
  ['without a scheme', '<a href="//panel.example/a">', ['panel.example/a']],
  ['a refresh', `<meta http-equiv="refresh" content="0; url=${A}">`, [A]],
  ['a refresh in quotes', `<meta http-equiv="refresh" content="0;URL='${A}'">`, [A]],
  ['a property', `<meta property="og:url" content="${A}">`, [A]],
  [
    'candidates',
    `<img srcset="${A} 1x, http://panel.example/b 2x,http://panel.example/c">`,
    [A, 'http://panel.example/b', 'http://panel.example/c'],
  ],
  [
    'candidates without a size',
    `<img srcset="${A}, http://panel.example/b 2x,, ,http://panel.example/c,,http://panel.example/d,\n http://panel.example/e">`,
    [A, 'http://panel.example/b', 'http://panel.example/c,,http://panel.example/d', 'http://panel.example/e'],
  ],
  [
    'a style',
    `<p style="background: url('//panel.example/a') no-repeat, url(http://panel.example/b)">`,
    ['panel.example/a', 'http://panel.example/b'],
  ],
  ['a handler', `<p onclick="location.href='${A}'">`, [A]],
  ['a script', `<a href="javascript:open('http%3A//panel.example/a')">`, [A]],
  ['a page within', `<a href="data:text/html;base64,${Buffer.from(`<img src="${A}">`).toString('base64')}">`, [A]],
  ['a page within, escaped', '<iframe src="data:text/html,%3Cimg%20src=%22http://panel.example/a%22%3E">', [A]],
  ['a URL within a path', `<a href="/redirect?to=${A}">`, [A]],
  ['what Outlook keeps of the original', `<a originalsrc="${A}">`, [A]],
  ['data of scripts', `<p data-url="${A}">`, [A]],
])('links: %s', (_, html, found) => {
  expect(read(html).found).toEqual(found);
});

test.each([
  '<a href="/gate.php">',
  '<a href="gate.php?x=192">',
  '<a href="#top">',
  '<a data-saferedirecturl="https://drop.example/url?q=http://panel.example/a">',
  '<a href="tel:+4930123456">',
  '<img src="cid:part1.06090408@panel.example">',
  '<html xmlns="http://www.w3.org/1999/xhtml">',
  '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1.dtd">',
  '<a href="">',
  '<img src="data:image/png;base64,aHR0cDovL3BhbmVsLmV4YW1wbGUvYQ==">',
])('nothing in %s', (html) => {
  expect(read(html).found).toEqual([]);
});

test('a mail address is passed over', () => {
  const { found, passedOver } = read('<a href="mailto:a%40drop.example?subject=x">');
  expect(found).toEqual([]);
  expect(passedOver).toEqual(['mail address: a@drop.example']);
});

test('text and links come in the order of the page', () => {
  const html =
    '<p>192.0.2.1 and <a href="http://panel.example/a">192.0.2.2</a>, 192.0.2.3 <img src="http://panel.example/b"> 192.0.2.4';
  expect(read(html).found).toEqual([
    '192.0.2.1',
    'http://panel.example/a',
    '192.0.2.2',
    '192.0.2.3',
    'http://panel.example/b',
    '192.0.2.4',
  ]);
});

test('wrapped links are unwrapped', () => {
  const wrapper = 'https://eur01.safelinks.protection.outlook.com/?url=http%3A%2F%2Fpanel.example%2Fa&amp;data=05';
  const { found, derived, passedOver } = read(`<a href="${wrapper}">x</a>`);
  expect(found).toEqual([A]);
  expect(derived).toEqual([`safelinks: ${A}`]);
  expect(passedOver).toEqual([`wrapper: ${wrapper.replace('&amp;', '&')}`]);
});

test('a million open tags need no stack, and a quote that is never closed is searched', { timeout: 20_000 }, () => {
  expect(read(`${'<b>'.repeat(1_000_000)}192.0.2.1`).found).toEqual(['192.0.2.1']);
  expect(read(`<a href="${'x '.repeat(20_000)}>\n${A} `).found).toEqual([A]);
});

test.each([
  ['content="', ' '],
  ['style="url(', ' '],
  ['style="', 'url( '],
  ['srcset="', ', '],
  ['href="', '/'],
  ['href="data:', ';'],
  ['alt="', '\n'],
])('attributes take linear time: %s', { timeout: 5000 }, (start, repeated) => {
  expect(read(`<meta ${start}${repeated.repeat(500_000 / repeated.length)}x">`).found).toEqual([]);
});

const fragment = fc.array(
  fc.constantFrom(
    ...[
      '<p>',
      '</p>',
      '<a href="',
      '">',
      '<!--',
      '-->',
      '<b>',
      '</b>',
      '<script>',
      '</script>',
      '&amp;',
      '&#',
      "'",
      'http://panel.example/a',
      ' ',
    ],
    ...[
      '192.0.2.1',
      '\n',
      '\r',
      'x',
      '<br/>',
      '<title>',
      '<![CDATA[',
      ']]>',
      '<style>',
      '</style>',
      '&lt;',
      ' style=url(',
      '\u0000',
      '\uD800',
    ],
  ),
  { maxLength: 40 },
);

test('it is the same in pieces, and nothing throws', () => {
  fc.assert(
    fc.property(fragment, fc.integer({ min: 1, max: 9 }), (words, size) => {
      // The parser itself treats an unfinished tag as it comes.
      const html = `${words.join('')}">-->`;
      const inPieces = collect();
      const reader = openHtml(inPieces.reading);
      for (let start = 0; start < html.length; start += size) reader.write(html.slice(start, start + size));
      reader.end();
      expect(inPieces.found).toEqual(read(html).found);
    }),
  );
});
