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

test.each([
  [{ host: 'a.example', request: 'GET /x?y=1 HTTP/1.1' }, ['url http://a.example/x?y=1']],
  [{ host: 'a.example', request_line: 'POST http://a.example/x HTTP/2' }, ['url http://a.example/x']],
  [{ host: 'a.example', request: 'see /x' }, ['domain a.example']],
  [{ authority: 'a.example', path: '/x', method: 'GET' }, ['url http://a.example/x']],
  [{ httpMessage: { host: 'a.example', port: '81', path: '/x', query: 'y=1' } }, ['url http://a.example:81/x?y=1']],
  [{ host: 'a.example', path: '/var/log/x.log' }, ['domain a.example']],
])('%j', (event, found) => {
  expect(read(event).found).toEqual(found);
});

test.each(['SrcIpAddr', 'DstHostname', 'DnsResponseName', 'MaliciousIP', 'target_fqdn'])('%s names an observable', (name) => {
  expect(read({ [name]: 'a.md' }).found).toEqual(['domain a.md']);
});
