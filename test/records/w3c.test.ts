import { describe, expect, test } from 'vitest';
import { w3c } from '../../src/records/w3c.ts';
import { collect, recognise } from './collect-lines.ts';

const read = (fields: string, ...rows: string[]) =>
  collect(w3c, [`#Software: x 192.0.2.9`, `#Fields: ${fields}`, ...rows].join('\n'));

test.each([
  ['#Software: x\n#Version: 1.0\n#Fields: date time c-ip\n2026-11-01 10:00:00 192.0.2.1', 'W3C log'],
  ['#Version: 1.5\n#Fields: date time\n\n', 'W3C log'],
  ['#Fields: one\n192.0.2.1', undefined],
  ['#fields\tip\tport\n192.0.2.1\t1', undefined],
  ['# a list\n192.0.2.1\n#Fields: date time', undefined],
  ['192.0.2.1 - -', undefined],
])('is told by its fields: %j', (text, title) => {
  expect(recognise(w3c, text)).toBe(title);
});

describe('a row names', () => {
  test.each([
    [
      'a URL of a proxy',
      'time c-ip cs(Referer) cs-method cs-uri-scheme cs-host cs-uri-port cs-uri-path cs-uri-query cs(User-Agent)',
      '10:00:00 10.0.0.5 - GET http a.example 8080 /x ?y=1 "Mozilla/5.0 (X11) Chrome/1.2.3.4"',
      ['ip 10.0.0.5', 'url http://a.example:8080/x?y=1'],
    ],
    [
      'the host of a tunnel',
      'c-ip cs-method cs-uri-scheme cs-host cs-uri-port cs-uri-path cs-uri-query',
      '10.0.0.5 CONNECT tcp a.md 443 / -',
      ['ip 10.0.0.5', 'domain a.md'],
    ],
    [
      'a URL of IIS',
      'date s-ip cs-method cs-uri-stem cs-uri-query s-port c-ip cs(Referer) cs-host sc-status',
      '2026-11-01 10.0.0.9 POST /gate.php id=1 81 192.0.2.1 http://b.example/ a.example 200',
      ['ip 10.0.0.9', 'url http://a.example:81/gate.php?id=1', 'ip 192.0.2.1', 'url http://b.example/'],
    ],
    [
      'cells between tabs',
      'c-ip cs(Host) cs-uri-stem cs(User-Agent) cs-protocol',
      '192.0.2.1\ta.example\t/x\tM 1.0\thttps',
      ['ip 192.0.2.1', 'url https://a.example/x'],
    ],
    ['addresses', 'action src-ip dst-ip path', 'DROP 10.0.0.5 192.0.2.1 RECEIVE', ['ip 10.0.0.5', 'ip 192.0.2.1']],
    [
      'a row of another length',
      'c-ip cs-uri-path',
      '192.0.2.1 to http://a.example/ x',
      ['ip 192.0.2.1', 'url http://a.example/'],
    ],
  ])('%s', (_what, fields, row, found) => {
    expect(read(fields, row)).toMatchObject({ found, count: 1 });
  });

  test('what the last fields say', () => {
    const { found, count } = read('c-ip x', '192.0.2.1 -', '#Fields: cs-host cs-uri-path', '', 'a.example /x');
    expect({ found, count }).toEqual({ found: ['ip 192.0.2.1', 'url http://a.example/x'], count: 2 });
  });
});
