import { describe, expect, test } from 'vitest';
import { jsonEvents } from '../../src/records/json-events.ts';
import { collect, recognise } from './collect-lines.ts';

const toLine = (event: unknown) => JSON.stringify(event);
const found = (...events: unknown[]) => collect(jsonEvents, events.map(toLine).join('\n')).found;

describe('what an input is', () => {
  test.each([
    ['Suricata EVE', '{"timestamp":"2026-11-01T10:00:00.0+0000","event_type":"dns"}'],
    ['Suricata EVE', '"src_ip":"10.0.0.5"}\n{"timestamp":"2026-11-01T10:00:00.0+0000","event_type":"dns"}'],
    ['Suricata EVE', '<134>Nov  1 10:00:00 sensor suricata: {"timestamp":"2026-11-01T10:00:00.0+0000","event_type":"dns"}'],
    ['Zeek JSON', '{"ts":1730455200.1,"uid":"Cx"}'],
    ['Zeek JSON', '{"id":{"orig_h":"10.0.0.5"}}'],
    ['Zeek JSON', '{"id.orig_h":"10.0.0.5"}'],
    ['ECS events', '{"@timestamp":"2026-11-01T10:00:00Z","destination":{"ip":"192.0.2.1"}}'],
    ['ECS events', '{"ecs.version":"8.11.0"}'],
    ['JSON events', '{"result":{"dest_ip":"192.0.2.1"}}'],
    ['JSON events', '{"constructor":1,"__proto__":{"event_type":"x","timestamp":"y"}}'],
    [undefined, '{\n"a": 1\n}'],
    [undefined, '[\n{"a":1}\n]'],
    [undefined, '[\n{"a":1}'],
    [undefined, '"a"\n"b"'],
    [undefined, 'a line with {braces}\nand another one'],
    [undefined, ''],
  ])('%s: %s', (title, text) => {
    expect(recognise(jsonEvents, text)).toBe(title);
  });
});

describe('Suricata EVE', () => {
  test.each([
    [
      'DNS, version 1',
      { dns: { type: 'answer', rrname: 'panel.example', rdata: '192.0.2.1' } },
      ['domain panel.example', 'ip 192.0.2.1'],
    ],
    [
      'DNS, version 2',
      { dns: { rrname: 'panel.example.', answers: [{ rrname: 'gate.example', rdata: '2001:db8::1' }] } },
      ['domain panel.example', 'domain gate.example', 'ipv6 2001:db8::1'],
    ],
    [
      'DNS, grouped answers',
      { dns: { grouped: { A: ['192.0.2.1', '192.0.2.2'], AAAA: ['2001:db8::1'], CNAME: ['gate.example'] } } },
      ['ip 192.0.2.1', 'ip 192.0.2.2', 'ipv6 2001:db8::1', 'domain gate.example'],
    ],
    [
      'DNS, version 3',
      { dns: { queries: [{ rrname: 'panel.example' }, { rrname: 'gate.example' }] } },
      ['domain panel.example', 'domain gate.example'],
    ],
    ['TLS', { dest_ip: '198.51.100.1', tls: { sni: 'gate.example' } }, ['ip 198.51.100.1', 'domain gate.example']],
    ['a name without a dot', { dns: { rrname: 'wpad' } }, []],
    ['HTTP', { http: { hostname: 'drop.example', url: '/cp.php' } }, ['url http://drop.example/cp.php']],
    ['HTTP at a port', { http: { hostname: 'drop.example', http_port: 8080, url: '/' } }, ['url http://drop.example:8080/']],
    ['HTTP at 443', { http: { http_port: '443', url: '/', hostname: 'drop.example' } }, ['url http://drop.example/']],
    ['HTTP at an address', { http: { hostname: '192.0.2.1', url: '/a b' } }, ['url http://192.0.2.1/a b']],
    ['HTTP at IPv6', { http: { hostname: '2001:db8::1', url: '/' } }, ['url http://[2001:db8::1]/']],
    ['a port in the host', { http: { hostname: 'drop.example:81', http_port: 80, url: '/' } }, ['url http://drop.example:81/']],
    ['a proxy', { http: { hostname: 'drop.example', url: 'http://drop.example/x' } }, ['url http://drop.example/x']],
    [
      'another host',
      { http: { hostname: 'a.example', url: 'https://b.example/' } },
      ['domain a.example', 'url https://b.example/'],
    ],
    ['CONNECT', { http: { hostname: 'gate.example', url: 'gate.example:443', http_method: 'CONNECT' } }, ['domain gate.example']],
    ['CONNECT, no host', { http: { url: 'gate.example:8443', http_method: 'CONNECT' } }, ['domain gate.example']],
    [
      'CONNECT to another host',
      { http: { hostname: 'a.example', url: 'b.example:443', http_method: 'connect' } },
      ['domain a.example', 'domain b.example'],
    ],
    ['a host without a dot', { http: { hostname: 'intranet', url: '/?u=http://a.example/' } }, ['url http://a.example/']],
    ['no path', { http: { hostname: 'gate.example' } }, ['domain gate.example']],
    ['no host', { http: { url: '/cp.php?m=login' } }, []],
  ])('%s', (_what, event, expected) => {
    expect(found({ event_type: 'x', ...event })).toEqual(expected);
  });

  test('a reverse name is passed over', () => {
    expect(collect(jsonEvents, '{"dns":{"rrname":"1.2.0.192.in-addr.arpa"}}')).toMatchObject({
      found: [],
      passedOver: ['reverse name 1.2.0.192.in-addr.arpa'],
    });
  });
});

describe('other kinds', () => {
  test.each([
    [
      'Zeek',
      { id: { orig_h: '10.0.0.5', resp_p: 8080 }, host: 'drop.example', uri: '/' },
      ['ip 10.0.0.5', 'url http://drop.example:8080/'],
    ],
    ['Zeek, flat', { 'id.resp_p': 80, uri: '/x', host: 'drop.example' }, ['url http://drop.example/x']],
    ['Zeek, nothing', { query: '-', answers: ['(empty)', '', '192.0.2.1'] }, ['ip 192.0.2.1']],
    [
      'Zeek, intelligence',
      { indicator: 'drop.example/x', server_name: 'gate.example' },
      ['url drop.example/x', 'domain gate.example'],
    ],
    ['ECS', { destination: { ip: '192.0.2.1', domain: 'gate.example' } }, ['ip 192.0.2.1', 'domain gate.example']],
    ['ECS, dotted', { 'source.ip': '192.0.2.1', 'dns.question.name': 'gate.example' }, ['ip 192.0.2.1', 'domain gate.example']],
    ['ECS answers', { dns: { answers: [{ data: '192.0.2.1' }], resolved_ip: ['192.0.2.2'] } }, ['ip 192.0.2.1', 'ip 192.0.2.2']],
    ['an ECS URL', { url: { domain: 'a.example', full: 'https://a.example/x', path: '/x' } }, ['url https://a.example/x']],
    ['ECS, a path', { 'url.domain': 'a.example', 'url.path': '/x', 'url.query': 'y=1' }, ['url http://a.example/x?y=1']],
    [
      'Splunk',
      { result: { dest: '192.0.2.1', src: 'fw01', url: 'http://a.example/' } },
      ['ip 192.0.2.1', 'url http://a.example/'],
    ],
    [
      'Sysmon',
      { Event: { EventData: { DestinationIp: '192.0.2.1', DestinationHostname: 'a.example' } } },
      ['ip 192.0.2.1', 'domain a.example'],
    ],
    [
      'Winlogbeat',
      { winlog: { event_data: { QueryName: 'a.example', QueryResults: 'type:  5 b.example;192.0.2.1;' } } },
      ['domain a.example', 'domain b.example', 'ip 192.0.2.1'],
    ],
    ['URLs in a field', { url: 'http://a.example/1, http://b.example/2' }, ['url http://a.example/1', 'url http://b.example/2']],
    ['a URL and a note', { dest: 'x', url: 'hxxp://a[.]example/1 (C2)' }, ['url http://a.example/1']],
    ['any other string', { alert: [{ text: 'seen at http://a.example/x?y=1 today' }] }, ['url http://a.example/x?y=1']],
    ['names of other case', { 'Dest-IP': '192.0.2.1', 'SOURCE ip': '192.0.2.2' }, ['ip 192.0.2.1', 'ip 192.0.2.2']],
    [
      'each object of an array by itself',
      {
        requests: [
          { host: 'a.example', uri: '/1' },
          { uri: '/2', host: 'b.example' },
        ],
      },
      ['url http://a.example/1', 'url http://b.example/2'],
    ],
    [
      'an event in a string',
      { result: { _raw: toLine({ http: { hostname: 'a.example', url: '/x', http_port: 81 } }) } },
      ['url http://a.example:81/x'],
    ],
    ['a string that is none', { _raw: '{see http://a.example/' }, ['url http://a.example/']],
    ['strings', ['192.0.2.1', { x: ['192.0.2.2'] }], ['ip 192.0.2.1', 'ip 192.0.2.2']],
    [
      'names of objects',
      { constructor: '192.0.2.1', toString: { hasOwnProperty: '192.0.2.2' } },
      ['ip 192.0.2.1', 'ip 192.0.2.2'],
    ],
  ])('%s', (_what, event, expected) => {
    expect(found(event)).toEqual(expected);
  });

  test.each([
    ['cs_host', 'uri_path'],
    ['site', 'uri'],
    ['http_host', 'url'],
    ['url_domain', 'url'],
    ['vhost', 'request'],
    ['Host-Header', 'requestPath'],
    ['url.domain', 'url.path'],
  ])('%s comes before the host that sent the record', (name, path) => {
    const before = { host: 'log.example', [name]: 'a.example', [path]: '/x' };
    expect(found({ result: before })).toEqual(['domain log.example', 'url http://a.example/x']);
    const behind = { [path]: '/x', [name]: 'a.example', hostname: 'log.example' };
    expect(found(behind)).toEqual(['url http://a.example/x', 'domain log.example']);
  });

  test.each([
    [{ 'url.scheme': 'https', 'url.domain': 'a.example', 'url.path': '/x' }, 'https://a.example/x'],
    [{ url: { path: '/x', domain: 'a.example', scheme: 'https', port: 443 } }, 'https://a.example/x'],
    [{ url: { path: '/x', domain: 'a.example', scheme: 'https', port: 80 } }, 'https://a.example:80/x'],
    [{ url: { path: '/x', domain: 'a.example', scheme: 'http', port: 443 } }, 'http://a.example:443/x'],
    [{ url: { path: '/x', domain: 'a.example', scheme: 'http', port: 80 } }, 'http://a.example/x'],
    [{ url: { path: '/x', domain: 'a.example', scheme: 'HTTPS', port: 8443 } }, 'https://a.example:8443/x'],
    [{ scheme: 'https', http: { hostname: 'a.example', url: '/x' } }, 'https://a.example/x'],
    [{ 'cs-uri-scheme': 'https', 'cs-host': 'a.example', 'cs-uri-stem': '/x' }, 'https://a.example/x'],
    [{ scheme: 'tunnel', host: 'a.example', uri: '/x' }, 'http://a.example/x'],
    [{ scheme: 'https', url: 'http://a.example/x', host: 'a.example' }, 'http://a.example/x'],
  ])('the scheme is that of the record: %j', (event, url) => {
    expect(found(event)).toEqual([`url ${url}`]);
  });

  test('a key that is a prototype elsewhere', () => {
    expect(collect(jsonEvents, '{"__proto__":{"dest_ip":"192.0.2.1"}}').found).toEqual(['ip 192.0.2.1']);
  });

  test('behind a head, which is searched too', () => {
    const line = '<134>Nov  1 10:00:00 192.0.2.7 suricata: {"dest_ip":"192.0.2.1"}';
    expect(collect(jsonEvents, line).found).toEqual(['ip 192.0.2.7', 'ip 192.0.2.1']);
  });
});

describe('chosen fields', () => {
  const text = [{ a: { b: [{ c: '192.0.2.1' }, { c: ['x', 'http://a.example/'] }] }, d: '192.0.2.2' }, { e: 1 }]
    .map(toLine)
    .join('\n');

  test.each([
    [['a.b.c'], ['ip 192.0.2.1', 'url http://a.example/'], []],
    [['D'], ['ip 192.0.2.2'], []],
    [['a', 'd'], ['ip 192.0.2.1', 'url http://a.example/', 'ip 192.0.2.2'], []],
    [['c', 'd'], ['ip 192.0.2.2'], ['no event has the field "c" (there are: a, d, e)']],
    [['constructor'], [], ['no event has the field "constructor" (there are: a, d, e)']],
  ])('%j', (fields, expected, notes) => {
    expect(collect(jsonEvents, text, { fields })).toMatchObject({ found: expected, notes });
  });

  test('within the object that Splunk wraps around each event', () => {
    const line = '{"result":{"dest_ip":"192.0.2.1","src_ip":"192.0.2.2"}}';
    for (const field of ['dest_ip', 'result.dest_ip'])
      expect(collect(jsonEvents, line, { fields: [field] }).found).toEqual(['ip 192.0.2.1']);
  });

  test.each(['a.b_c', 'A.bC', '.a.bc'])('by the path %s, also where a key holds dots', (field) => {
    const lines = ['{"a":{"b-c":"192.0.2.1"}}', '{"a.b_c":"192.0.2.2"}', '{"result":{"a":{"BC":"192.0.2.3"}}}'].join('\n');
    expect(collect(jsonEvents, lines, { fields: [field] }).found).toEqual(['ip 192.0.2.1', 'ip 192.0.2.2', 'ip 192.0.2.3']);
  });

  test.each([
    ['ip', '{"result_ip":"192.0.2.1"}'],
    ['s', '{"results":"192.0.2.1"}'],
    ['a.bc', '{"ab":{"c":"192.0.2.1"}}'],
    ['a.bc', '{"a":{"b":{"c":"192.0.2.1"}}}'],
    ['abc', '{"a":{"bc":"192.0.2.1"}}'],
  ])('%s takes no other field: %s', (field, line) => {
    const key = /"(.*?)"/.exec(line)?.[1] ?? '';
    const notes = [`no event has the field "${field}" (there are: ${key})`];
    expect(collect(jsonEvents, line, { fields: [field] })).toMatchObject({ found: [], notes });
  });
});

test('an address with a port is the address, and the value of a version is none', () => {
  const event = {
    ClientIP: '192.0.2.1:49152',
    src: '[2001:db8::1]:443',
    dest: 'panel.example:443',
    agent: { version: '8.1.2.3' },
  };
  const result = collect(
    jsonEvents,
    JSON.stringify({ ...event, productVersion: '1.2.3.4', ver: '1.2.3.5', host: 'drop.example:8443' }),
  );
  expect(result.found).toEqual(['ip 192.0.2.1', 'ipv6 2001:db8::1', 'domain panel.example', 'url drop.example:8443']);
  expect(result.passedOver).toEqual(['version 8.1.2.3', 'version 1.2.3.4', 'version 1.2.3.5']);
});
