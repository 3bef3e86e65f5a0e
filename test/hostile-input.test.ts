import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Setting } from '../src/config.ts';
import { serveSettings, settings } from '../src/config.ts';
import { openOutputFile } from '../src/files/output-file.ts';
import { parseReply } from '../src/tracker/live/reply.ts';
import { openTempDir, readRows, runMain } from './helpers/run-cct.ts';
import { openRaw, startServe } from './helpers/serve.ts';

describe('a key that names the prototype of objects', () => {
  test.each([
    ['json', '[{"type":"ip","value":"192.0.2.1","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}]', []],
    ['csv', '__proto__,type,value\nx,ip,192.0.2.1\n', []],
    ['csv', '__proto__\n192.0.2.1\n', ['--column', '__proto__']],
  ])('changes no object: %s', async (format, stdin, more) => {
    const args = ['observe', '--snapshot', 'sample', '--input-format', format, '--format', 'ndjson', ...more];
    const { status, stdout } = await runMain(args, { stdin });
    expect([status, readRows(stdout)]).toEqual([0, ['unlisted ip 192.0.2.1']]);
    expect('polluted' in {}).toBe(false);
  });

  test('is not an answer of the tracker', () => {
    expect(() => parseReply('{"__proto__":{"message":"Malicious"}}', 'Unknown url')).toThrow('has no "message"');
  });
});

describe('a request with two ends', () => {
  const hidden = 'POST /version HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n';
  test.each([
    ['a length and chunks', 'Content-Length: 4\r\nTransfer-Encoding: chunked', '0\r\n\r\n'],
    ['two lengths', 'Content-Length: 0\r\nContent-Length: 4', ''],
    ['chunks that are not the last coding', 'Transfer-Encoding: chunked, identity', '0\r\n\r\n'],
    ['a blank before the colon', 'Content-Length : 4', ''],
    ['a line of its own for a value', 'X: a\r\n Content-Length: 4\r\nContent-Length: +4', ''],
  ])('is refused, and what hides behind it is never read: %s', async (_what, headers, body) => {
    const relay = await startServe(['--snapshot', 'sample']);
    const connection = openRaw(relay.port);
    connection.send(`POST /version HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}\r\n\r\n${body}${hidden}`);
    const answer = await connection.received();
    expect([answer.match(/HTTP\/1\.1 \d+/g), answer.includes('"version"')]).toEqual([['HTTP/1.1 400'], false]);
  });
});

test('a link in the place of a draft is not written through', async () => {
  const directory = openTempDir();
  const victim = join(directory, 'victim');
  writeFileSync(victim, 'untouched');
  symlinkSync(victim, join(directory, '.out.json.x.tmp'));
  await expect(openOutputFile(join(directory, 'out.json'), { id: 'x' })).rejects.toThrow('its temporary file already exists');
  expect([readFileSync(victim, 'utf8'), existsSync(join(directory, 'out.json'))]).toEqual(['untouched', false]);
});

test('no flag takes the secret of tokens', () => {
  const secrets = Object.values<Setting<unknown>>({ ...settings, ...serveSettings }).filter(({ secret }) => secret === 'all');
  expect(secrets.map(({ env, flag }) => [env, flag])).toEqual([['CCT_JWT_SECRET', undefined]]);
});

test('the password of a proxy is in no output, with --debug too', async () => {
  const env = { CCT_PROXY: 'http://me:hunter2-word@127.0.0.1:1' };
  const args = ['observe', '--ip', '192.0.2.1', '--api-url', 'http://tracker.example/', '--retries', '0', '--debug', '-v'];
  const { status, stdout, stderr } = await runMain(args, { env });
  expect([status, stderr.includes('ECONNREFUSED'), (stdout + stderr).includes('hunter2-word')]).toEqual([4, true, false]);
});
