import { describe, expect, test } from 'vitest';
import { searchHtml } from '../../src/records/html.ts';
import { jsonEvents } from '../../src/records/json-events.ts';
import { createRequestJoiner } from '../../src/records/request-lines.ts';
import { text } from '../../src/records/text.ts';
import { collect as collectPage, named } from './collect.ts';
import { collect } from './collect-lines.ts';
import { collectMail } from './collect-mail.ts';

const join = (lines: readonly string[]) => lines.map(createRequestJoiner());

describe('the Host header of a request', () => {
  test.each([
    ['behind other headers', ['GET /a HTTP/1.1', 'Accept: */*', 'Host: panel.example'], 'Host: http://panel.example/a'],
    ['with a port', ['POST /a?b=1 HTTP/1.0', 'host: 192.0.2.1:8080'], 'host: http://192.0.2.1:8080/a?b=1'],
    ['of curl', ['> GET / HTTP/2', '> Host: panel.example'], '> Host: http://panel.example/'],
    ['with the end of a line of Windows', ['GET /a HTTP/1.1\r', 'Host: panel.example\r'], 'Host: http://panel.example/a'],
    ['defanged', ['GET /a HTTP/1.1', 'Host: panel[.]example'], 'Host: http://panel[.]example/a'],
  ])('becomes its URL: %s', (_what, lines, joined) => {
    expect(join(lines).at(-1)).toBe(joined);
  });

  test.each([
    ['without a request', ['Host: panel.example']],
    ['behind the end of the request', ['GET /a HTTP/1.1', '', 'Host: panel.example']],
    ['of a whole URL', ['GET http://panel.example/a HTTP/1.1', 'Host: panel.example']],
    ['of a tunnel', ['CONNECT panel.example:443 HTTP/1.1', 'Host: panel.example:443']],
    ['that is no host', ['GET /a HTTP/1.1', 'Host: panel']],
    ['a second time', ['Host: drop.example']],
    ['far behind', ['GET /a HTTP/1.1', ...Array.from({ length: 21 }, () => 'X: y'), 'Host: panel.example']],
  ])('stays as it is: %s', (_what, lines) => {
    expect(join(lines)).toEqual(lines);
  });

  test('counts once for a request', () => {
    expect(join(['GET /a HTTP/1.1', 'Host: a.example', 'Host: b.example'])[2]).toBe('Host: b.example');
  });
});

test('the lines of a request in a text are one URL, at the line of its host', () => {
  const request = 'It sends:\n\nGET /gate.php HTTP/1.1\nAccept: */*\nHost: panel[.]example\n';
  expect(collect(text, request, { size: 2 }).found).toEqual(['url http://panel.example/gate.php']);
});

test('the lines of a request in a page and a mail are one URL', async () => {
  const page = collectPage();
  searchHtml('<pre>GET /a HTTP/1.1\nHost: <b>panel[.]example</b>\n</pre><p>Host: drop.example</p>', page);
  expect(named(page.findings)).toEqual(['url http://panel.example/a', 'domain drop.example']);
  const mail = await collectMail('Subject: x\nFrom: a@b.example\n\nGET /a HTTP/1.1\nHost: panel.example\n');
  expect(mail.found).toEqual(['http://panel.example/a']);
});

test.each(['payload_printable', 'request'])('a request in the field %s is one URL', (name) => {
  const event = JSON.stringify({ [name]: 'GET /a HTTP/1.1\r\nHost: panel.example\r\n\r\n' });
  expect(collect(jsonEvents, event).found).toEqual(['url http://panel.example/a']);
});
