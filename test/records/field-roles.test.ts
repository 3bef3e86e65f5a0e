import { describe, expect, test } from 'vitest';
import { jsonEvents } from '../../src/records/json-events.ts';
import { collect } from './collect-lines.ts';

const read = (event: unknown) => collect(jsonEvents, JSON.stringify(event));

describe('a field of files', () => {
  test.each([
    [{ process: { name: 'chcp.com' } }, ['file name chcp.com']],
    [{ file: { name: 'Invoice_(1).pdf.pl' } }, ['file name Invoice_(1).pdf.pl']],
    [{ fileinfo: { filename: 'run.example' } }, ['file name run.example']],
    [{ email: { attachment: ['a.pl', 'b.com'] } }, ['file name a.pl', 'file name b.com']],
    [{ OriginalFileName: 'MORE.COM', Image: 'C:\\x\\more.com' }, ['file name MORE.COM', 'file name more.com']],
    [{ resp_filenames: ['a.pl'], executable: 'sh' }, ['file name a.pl']],
  ])('names no domain: %j', (event, passedOver) => {
    expect(read(event)).toMatchObject({ found: [], passedOver });
  });

  test.each([
    [{ file: { name: 'http://a.example/x.exe' } }, ['url http://a.example/x.exe']],
    [{ filename: 'a[.]example' }, ['domain a.example']],
    [{ image: 'a.example/x:1' }, ['url a.example/x:1']],
    [{ file: { url: 'http://a.example/', domain: 'b.md' } }, ['url http://a.example/', 'domain b.md']],
    [{ file_path: '192.0.2.1' }, ['ip 192.0.2.1']],
  ])('may hold what is no file: %j', (event, found) => {
    expect(read(event).found).toEqual(found);
  });
});

describe('a field that an object of a list names', () => {
  test.each([
    ['a Windows event', { Data: [{ '@Name': 'QueryName', '#text': 'a.md' }] }, ['domain a.md']],
    ['its attributes', { Data: [{ '#attributes': { Name: 'DestinationHostname' }, '#text': 'a.md' }] }, ['domain a.md']],
    ['results', { Data: [{ Name: 'QueryResults', Text: 'type:  5 a.example;' }] }, ['domain a.example']],
    ['a version', { x: [{ key: 'FileVersion', value: '192.0.2.1' }] }, []],
    ['an unknown one', { x: [{ name: 'note', value: 'see http://a.example/' }] }, ['url http://a.example/']],
    [
      'no name',
      {
        x: [
          { name: 'two words', value: 'a.md' },
          { name: 1, value: 'b.example' },
        ],
      },
      ['domain b.example'],
    ],
    ['without a value', { x: [{ name: 'a.example' }] }, ['domain a.example']],
  ])('%s', (_what, event, found) => {
    expect(read(event).found).toEqual(found);
  });

  test.each([
    [
      'the headers of HTTP/2',
      {
        request_headers: [
          { name: ':authority', value: 'a.example' },
          { name: ':path', value: '/x' },
          { name: ':scheme', value: 'https' },
        ],
      },
      'url https://a.example/x',
    ],
    [
      'headers of a firewall',
      { httpRequest: { headers: [{ name: 'Host', value: 'a.example' }], uri: '/x', args: 'y=1' } },
      'url http://a.example/x?y=1',
    ],
    ['an object of headers', { request: { uri: '/x', headers: { Host: 'a.example:81' } } }, 'url http://a.example:81/x'],
    ['the host twice', { req: { url: '/x', host: 'a.example', headers: { host: ['a.example'] } } }, 'url http://a.example/x'],
  ])('%s', (_what, event, url) => {
    expect(read(event).found).toEqual([url]);
  });

  test('is of its own list', () => {
    const headers = [{ name: 'Host', value: 'a.example' }];
    expect(read({ x: [{ headers }, { uri: '/x' }] }).found).toEqual(['domain a.example']);
    expect(read({ uri: '/x', response: { headers } }).found).toEqual(['domain a.example']);
  });
});

test.each([
  [{ host: 'a.example', request: 'GET /x?y=1 HTTP/1.1' }, ['url http://a.example/x?y=1']],
  [{ host: 'a.example', request_line: 'POST http://a.example/x HTTP/2' }, ['url http://a.example/x']],
  [{ host: 'a.example', request: 'see /x' }, ['domain a.example']],
  [{ authority: 'a.example', path: '/x', method: 'GET' }, ['url http://a.example/x']],
  [{ httpMessage: { host: 'a.example', port: '81', path: '/x', query: 'y=1' } }, ['url http://a.example:81/x?y=1']],
  [{ host: 'a.example', path: '/x', method: 'GET' }, ['url http://a.example/x']],
  [{ host: 'a.example', path: '/var/log/x.log' }, ['domain a.example']],
])('%j', (event, found) => {
  expect(read(event).found).toEqual(found);
});

test.each([
  'SrcIpAddr',
  'DstHostname',
  'DnsResponseName',
  'MaliciousIP',
  'target_fqdn',
  'hostnames',
  'alternative_names',
  'Referrer URL',
])('%s names an observable', (name) => {
  expect(read({ [name]: 'a.md' }).found).toEqual(['domain a.md']);
});

test('a version of an API is no address', () => {
  const api = read({ apiVersion: 'audit.a.example/v1', release: 'http://a.example/v1' });
  expect(api).toMatchObject({ found: ['url http://a.example/v1'], passedOver: ['version audit.a.example/v1'] });
});
