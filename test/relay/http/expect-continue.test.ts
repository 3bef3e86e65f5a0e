import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { createRelay } from '../../helpers/relay.ts';
import { openRaw } from '../../helpers/serve.ts';
import { exchange } from '../raw-answers.ts';
import { serve } from '../served-app.ts';

const toHead = (line: string, ...headers: readonly string[]) =>
  [`${line} HTTP/1.1`, 'Host: relay.example', 'Expect: 100-continue', ...headers, '', ''].join('\r\n');
const OBSERVE = 'POST /observe/observables';
const unauthorized = () => Promise.reject(new CctError('unauthorized', 'Authorization failed: no'));

describe('a caller that expects 100 Continue before it sends the body', () => {
  test.each([
    ['its length', toHead(OBSERVE, 'Content-Length: 1048577'), 413, '"code":413'],
    ['its compression', toHead(OBSERVE, 'Content-Length: 9', 'Content-Encoding: gzip'), 200, 'does not accept compressed'],
    ['its path', toHead('POST /observe', 'Content-Length: 9'), 404, '"code":404'],
    ['its method', toHead('PUT /observe/observables', 'Content-Length: 9'), 405, '"code":405'],
    ['its Host headers', toHead(OBSERVE, 'Content-Length: 9', 'Host: b'), 400, '"code":400'],
  ])('is refused without it for %s, and the connection ends', async (_what, head, status, text) => {
    const { port } = await serve(createRelay().app);
    const answer = await exchange(port, head);
    expect(answer.match(/HTTP\/1\.1 \d+|Connection: \S+/g)).toEqual([`HTTP/1.1 ${status}`, 'Connection: close']);
    expect(answer).toContain(text);
  });

  test('is refused without it for its token', async () => {
    const { port } = await serve(createRelay({ authenticate: unauthorized }).app);
    const answer = await exchange(port, toHead(OBSERVE, 'Content-Length: 9'));
    expect(answer.match(/HTTP\/1\.1 \d+|authorization error/g)).toEqual(['HTTP/1.1 200', 'authorization error']);
  });

  test('is answered without it where the body is not read', async () => {
    const { port } = await serve(createRelay().app);
    const answer = await exchange(port, toHead('POST /health', 'Content-Length: 9'));
    expect(answer.match(/HTTP\/1\.1 \d+|"status":"ok"/g)).toEqual(['HTTP/1.1 200', '"status":"ok"']);
  });

  test.each([
    ['a length', 'Content-Length: 2', '[]'],
    ['chunks', 'Transfer-Encoding: chunked', '2\r\n[]\r\n0\r\n\r\n'],
  ])('receives it before the body is read, and the connection stays open: %s', async (_what, header, body) => {
    const { port } = await serve(createRelay().app);
    const raw = openRaw(port);
    for (const times of [1, 2]) {
      raw.send(toHead(OBSERVE, header));
      await raw.received(new RegExp(`(?:100 Continue\r\n\r\n[^]*){${times}}`));
      raw.send(body);
      await raw.received(new RegExp(`(?:{"data":{}}[^]*){${times}}`));
    }
    raw.socket.end();
    const lines = (await raw.received()).match(/HTTP\/1\.1 \d+/g);
    expect(lines).toEqual(['HTTP/1.1 100', 'HTTP/1.1 200', 'HTTP/1.1 100', 'HTTP/1.1 200']);
  });

  test('does not receive it with HTTP/1.0, nor where it does not expect it', async () => {
    const { port } = await serve(createRelay().app);
    const older = `${OBSERVE} HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n[]`;
    expect(await exchange(port, older)).toMatch(/^HTTP\/1\.1 200 /);
    const plain = `${OBSERVE} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\n[]`;
    expect(await exchange(port, plain)).toMatch(/^HTTP\/1\.1 200 /);
  });
});
