import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cef } from '../../src/records/cef.ts';
import { splitAttributes, splitExtension, splitHeader } from '../../src/records/cef-parts.ts';
import { csv } from '../../src/records/csv.ts';
import { jsonEvents } from '../../src/records/json-events.ts';
import { text as plainText } from '../../src/records/text.ts';
import { collect, recognise } from './collect-lines.ts';

const HEAD = 'CEF:0|Vendor|FW|1.2.3.4|100|Request|5|';
const LEEF = 'LEEF:1.0|Vendor|FW|1.2.3.4|100|';

describe('what an input is', () => {
  test.each([
    ['CEF', `${HEAD}src=192.0.2.1`],
    ['CEF', `<134>Nov  1 10:00:00 fw ${HEAD}src=192.0.2.1`],
    ['CEF', `a line\nanother\n\n${HEAD}`],
    ['LEEF', `Nov  1 10:00:00 fw ${LEEF}src=192.0.2.1`],
    ['LEEF', 'LEEF:2.0|V|P|1|2|^|src=192.0.2.1'],
    ['CEF and LEEF', `${LEEF}\n${HEAD}`],
    [undefined, 'CEF:0|Vendor|FW'],
    [undefined, 'CEF: 0 and LEEF: 1 are formats'],
    [undefined, `xCEF:0|a|b|c|d|e|f|`],
    [undefined, `${'a line\n'.repeat(30)}${HEAD}`],
    [undefined, ''],
  ])('%s: %j', (title, text) => {
    expect(recognise(cef, text)).toBe(title);
  });
});

test.each([
  [
    'addresses and names',
    `${HEAD}src=10.0.0.5 dst=192.0.2.1 dhost=a.example`,
    ['ip 10.0.0.5', 'ip 192.0.2.1', 'domain a.example'],
  ],
  ['IPv6', `${HEAD}c6a2=2001:db8::1 c6a2Label=Source`, ['ipv6 2001:db8::1']],
  ['a request', `${HEAD}request=http://a.example/?m\\=login&x=1 act=allowed`, ['url http://a.example/?m=login&x=1']],
  ['an escape too few', `${HEAD}request=http://a.example/?m=login act=a`, ['url http://a.example/?m=login']],
  ['a path', `${HEAD}dhost=a.example request=/x dpt=8080`, ['url http://a.example:8080/x']],
  ['CONNECT', `${HEAD}dhost=a.example request=a.example:443 requestMethod=CONNECT`, ['domain a.example']],
  ['DNS', `${HEAD}destinationDnsDomain=a.example. sourceDnsDomain=b.example`, ['domain a.example', 'domain b.example']],
  [
    'other values',
    `${HEAD}msg=seen http://a.example/ and\\n192.0.2.1 cs1=192.0.2.2`,
    ['url http://a.example/', 'ip 192.0.2.1', 'ip 192.0.2.2'],
  ],
  ['the name of the event', 'CEF:0|V|P|1.2.3.4|5.6.7.8|From 192.0.2.1 \\| x|5|act=a', ['ip 192.0.2.1']],
  ['the head', `Nov  1 10:00:00 192.0.2.9 ${HEAD}dst=192.0.2.1`, ['ip 192.0.2.9', 'ip 192.0.2.1']],
  ['a line that is none', `CEF:0|seen at 192.0.2.1\n${HEAD}dst=192.0.2.2`, ['ip 192.0.2.1', 'ip 192.0.2.2']],
  ['nothing', `${HEAD}src=- dhost=fw01 request=`, []],
  [
    'LEEF',
    `${LEEF}src=10.0.0.5\tdst=192.0.2.1\tdstHost=a.example\tmsg=a b=c`,
    ['ip 10.0.0.5', 'ip 192.0.2.1', 'domain a.example'],
  ],
  ['LEEF 2', 'LEEF:2.0|V|P|1.2.3.4|5|^|src=10.0.0.5^url=http://a.example/?m=1', ['ip 10.0.0.5', 'url http://a.example/?m=1']],
  ['LEEF 2 by code', 'LEEF:2.0|V|P|1.2.3.4|5|x5E|src=10.0.0.5^domain=a.example', ['ip 10.0.0.5', 'domain a.example']],
  ['LEEF 2 by long code', 'LEEF:2.0|V|P|1|5|0x09|src=10.0.0.5\tdomain=a.example', ['ip 10.0.0.5', 'domain a.example']],
  ['LEEF 2 without one', 'LEEF:2.0|V|P|1|5|src=10.0.0.5\tdomain=a.example', ['ip 10.0.0.5', 'domain a.example']],
  ['LEEF 2 with an empty one', 'LEEF:2.0|V|P|1|5||src=10.0.0.5\tdomain=a.example', ['ip 10.0.0.5', 'domain a.example']],
])('finds %s', (_what, text, found) => {
  expect(collect(cef, text.replaceAll('\n', '\r\n'), { size: 1 })).toMatchObject({ found, error: undefined });
});

describe('an event in another format', () => {
  const found = ['ip 192.0.2.1', 'url http://a.example/?m=login'];
  const events = [
    `Nov  1 10:00:00 fw ${HEAD}dst=192.0.2.1 request=http://a.example/?m\\=login act=allowed`,
    `${LEEF}dst=192.0.2.1\turl=http://a.example/?m\\=login`,
    `LEEF:2.0|Vendor|FW|1.2.3.4|100|^|dst=192.0.2.1^url=http://a.example/?m=login`,
  ];

  test.each(events)('is read by its fields: %s', (event) => {
    expect(collect(plainText, `${'a line\n'.repeat(50)}${event}\n`).found).toEqual(found);
    expect(collect(csv, `"_time","_raw"\n"1","${event}"`, { name: 'a.csv' }).found).toEqual(found);
    for (const name of ['_raw', 'message', 'event.original'])
      expect(collect(jsonEvents, JSON.stringify({ result: { [name]: event } })).found).toEqual(found);
    expect(collect(jsonEvents, JSON.stringify({ message: event }), { fields: ['message'] }).found).toEqual(found);
  });

  test('ends where its line does', () => {
    const message = `http://b.example/\n${events.join('\n')}\r\nhttp://c.example/`;
    const all = ['url http://b.example/', ...found, ...found, ...found, 'url http://c.example/'];
    expect(collect(jsonEvents, JSON.stringify({ message })).found).toEqual(all);
  });

  test('that holds many others takes linear time', () => {
    const start = performance.now();
    expect(collect(plainText, `${HEAD}msg=192.0.2.1 `.repeat(20_000)).error).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

test.each([
  `${HEAD}deviceVersion=9.9.9.9 src=192.0.2.1 productVersion=7.7.7.7 cs1Label=AgentVersion cs1=8.8.8.8`,
  `${LEEF}version=9.9.9.9\tsrc=192.0.2.1\tagentVersion=7.7.7.7\tfirmware=8.8.8.8`,
])('a version is no address: %s', (text) => {
  const { found, passedOver } = collect(cef, text);
  expect(found).toEqual(['ip 192.0.2.1']);
  expect(passedOver).toEqual(expect.arrayContaining(['version 9.9.9.9', 'version 7.7.7.7', 'version 8.8.8.8']));
});

test('events are counted, other lines are not', () => {
  expect(collect(cef, `${HEAD}\na line\n\n${LEEF}`).count).toBe(2);
});

test('a head ends at the bars that are not escaped', () => {
  expect(splitHeader('a\\|b|c\\\\|d\\e|f|g', 3)).toEqual({ header: ['a|b', 'c\\', 'd\\e'], rest: 'f|g' });
  expect(splitHeader('a|b\\|c', 2)).toBeUndefined();
});

test('a path keeps the backslashes that nothing follows', () => {
  expect(splitExtension('filePath=C:\\Temp\\x.exe fname=a\\\\b')).toEqual([
    ['filePath', 'C:\\Temp\\x.exe'],
    ['fname', 'a\\b'],
  ]);
});

test('text before the first key and without any is kept', () => {
  expect(splitExtension('a b src=1')).toEqual([
    ['', 'a b'],
    ['src', '1'],
  ]);
  expect(splitAttributes('no key', false)).toEqual([['', 'no key']]);
});

test('any value is read back from its escapes', () => {
  const value = fc.string({ unit: fc.constantFrom(...'ab=\\|\n\r .'.split('')) }).map((text) => text.trim());
  const escape = (text: string) => text.replace(/[\\=]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  fc.assert(
    fc.property(value, value, (one, other) => {
      const wanted = [
        ['msg', one],
        ['cs1.x[0]', other],
      ].filter(([, text]) => text !== '');
      expect(splitExtension(`msg=${escape(one)} cs1.x[0]=${escape(other)}`)).toEqual(wanted);
    }),
  );
});

test('a long line takes linear time', () => {
  const start = performance.now();
  for (const piece of ['a ', 'a=', '\\', '|', ' a.b']) collect(cef, HEAD + piece.repeat(200_000));
  expect(performance.now() - start).toBeLessThan(10_000);
});

test('no line makes it fail', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(HEAD, LEEF, 'LEEF:2.0|a|b|c|d|', ''),
      fc.string({ unit: fc.constantFrom(...'ab=\\|^x0 \t'.split('')) }),
      (head, rest) => {
        expect(collect(cef, head + rest).error).toBeUndefined();
      },
    ),
  );
});
