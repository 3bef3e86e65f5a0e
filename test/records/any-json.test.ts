import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyJson } from '../../src/records/any-json.ts';
import { jsonEvents } from '../../src/records/json-events.ts';
import { atLine } from '../../src/records/wrap-reading.ts';
import { stringsJson } from '../../src/records/strings.ts';
import { toObservableType, toPlainName } from '../../src/records/type-names.ts';
import { collect, named } from './collect.ts';
import { collect as collectLines } from './collect-lines.ts';

function read(document: unknown): string[] {
  const reading = collect();
  anyJson.read(document, reading);
  return named(reading.findings);
}

test.each([
  [
    { a: [{ b: 'see 192.0.2.1' }, 'http://panel.example/x'], c: '192.0.2.2' },
    ['ip 192.0.2.1', 'url http://panel.example/x', 'ip 192.0.2.2'],
  ],
  ['192.0.2.1', ['ip 192.0.2.1']],
  [7, []],
  [null, []],
])('%j', (document, wanted) => {
  expect(read(document)).toEqual(wanted);
});

test.each([
  [{ '192.0.2.1': { 'http://panel.example/': 7 } }, ['ip 192.0.2.1', 'url http://panel.example/']],
  [{ 'panel.example': {}, 'gate.example': '192.0.2.1' }, ['domain panel.example', 'domain gate.example', 'ip 192.0.2.1']],
  [{ 'panel[.]example': 1, count: 2 }, ['domain panel.example']],
  [{ '192.0.2.1': 1, 'panel.example': 2, 'gate.example/x': 3 }, ['ip 192.0.2.1', 'domain panel.example', 'url gate.example/x']],
  [
    { list: { '2001:db8::1': { note: 'from 192.0.2.1' } }, 'hxxp://panel.example/': 7 },
    ['ipv6 2001:db8::1', 'url http://panel.example/', 'ip 192.0.2.1'],
  ],
  [{ hits: [{ '192.0.2.1': 1 }, { '192.0.2.1': 2, '192.0.2.2': 3 }] }, ['ip 192.0.2.1', 'ip 192.0.2.2']],
  [{ '192.0.2.1': {}, '192': { '0': { '2': { '2': 'x' } } } }, ['ip 192.0.2.1']],
  [{ '192': { '0': { '2': { '1': 'x' } } } }, []],
  [{ 'agent.id': 'x', 'host.name': 'y', message: 'z' }, []],
  [{ 'host.name': 'y', 'dns.question.name': 'z' }, []],
  [{ labels: { 'app.kubernetes.io/name': 'x', 'helm.sh/chart': 'y' } }, []],
  [{ labels: { 'helm.sh/chart': 'x', tier: 'y' } }, []],
  [{ 'event.original': 'x' }, []],
  [{ 'config.json': 'x', 'dump.py': 'y' }, []],
])('the keys of %j, in one line or several', (document, wanted) => {
  expect([...new Set(read(document))]).toEqual(wanted);
  const line = JSON.stringify(document);
  expect([...new Set(collectLines(jsonEvents, `${line}\n${line}`).found)]).toEqual(wanted);
});

test('an array of events has URLs of host and path', () => {
  const event = { url: { domain: 'panel.example', path: '/cp.php', query: 'm=login' }, 'agent.id': 'x', note: 'from 192.0.2.1' };
  expect([...new Set(read([event, event]))]).toEqual(['url http://panel.example/cp.php?m=login', 'ip 192.0.2.1']);
});

test('every string of any document is searched, in order; a repeated one adds nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(255), { maxLength: 50 }),
      fc.array(fc.nat(2), { minLength: 1, maxLength: 50 }),
      (numbers, shapes) => {
        const addresses = numbers.map((number) => `192.0.2.${number}`);
        let document: unknown = [];
        for (const [index, address] of addresses.entries()) {
          const shape = shapes[index % shapes.length];
          if (shape === 0) document = [document, address];
          else if (shape === 1) document = { before: document, after: address };
          else document = [7, { x: [document] }, null, [`a ${address} b`]];
        }
        expect([...new Set(read(document))]).toEqual([...new Set(addresses)].map((address) => `ip ${address}`));
      },
    ),
  );
});

test('neither depth nor length exhausts the stack', () => {
  let deep: unknown = '192.0.2.1';
  for (let level = 0; level < 999; level += 1) deep = [deep];
  expect(read(deep)).toEqual(['ip 192.0.2.1']);
  expect(read(new Array<number>(1_000_000).fill(7))).toEqual([]);
});

test('strings are refanged; what is no single value is searched as text', () => {
  const reading = collect();
  const strings = ['192.0.2[.]1', ' hxxp://panel.example/ ', 'gate[.]example', '2001:db8::1', 'from 192.0.2.2 to 192.0.2.3', ''];
  expect(stringsJson.recognise(strings)).toBeDefined();
  stringsJson.read(strings, reading);
  expect(named(reading.findings)).toEqual([
    'ip 192.0.2.1',
    'url http://panel.example/',
    'domain gate.example',
    'ipv6 2001:db8::1',
    'ip 192.0.2.2',
    'ip 192.0.2.3',
  ]);
  expect(reading.records).toBe(6);
  expect(stringsJson.recognise([])).toBeUndefined();
  expect(stringsJson.recognise(['x', 1])).toBeUndefined();
});

test('a reading of a line gives its number', () => {
  const reading = collect();
  const line = atLine(reading, 7);
  stringsJson.read(['192.0.2.1'], line);
  line.passOver('range', 'x');
  line.note('y');
  expect([named(reading.findings), reading.passedOver, reading.notes, reading.records]).toEqual([
    ['ip 192.0.2.1'],
    ['7: range: x'],
    ['7: y'],
    1,
  ]);
});

test.each([
  ['ip', ['ip', 'IPv4', 'ipv4-addr', 'IPAddress', 'ip address', 'ip_dst', 'ip.src', 'IPv4Address']],
  ['url', ['URL', 'uri', 'Link']],
  ['domain', ['domain', 'Domain-Name', 'host_name', 'FQDN', 'host']],
  [undefined, ['', 'ipv6', 'md5', 'constructor', '__proto__', 'toString', 'url|ip']],
])('%s is named by %j', (type, names) => {
  for (const name of names) expect(toObservableType(name)).toBe(type);
});

test('names are compared without case, blanks and signs', () => {
  expect(toPlainName(' Dest_IP-Addr.\t1')).toBe('destipaddr1');
});
