import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ask } from '../../helpers/plain-http.ts';
import { ADDRESS, createRelay } from '../../helpers/relay.ts';
import { serve } from '../served-app.ts';

const accepting = (encoding: string) => ({ headers: { 'Accept-Encoding': encoding } });

describe('a long answer', () => {
  test('is compressed for a caller that accepts it, and the same', async () => {
    const { url } = await serve(createRelay().app);
    const [plain, compressed] = await Promise.all([ask(url, '/openapi.json'), ask(url, '/openapi.json', accepting('gzip, br'))]);
    expect([plain.headers['content-encoding'], compressed.headers['content-encoding']]).toEqual([undefined, 'gzip']);
    expect(compressed.headers.vary).toBe('Accept-Encoding');
    expect(gunzipSync(Buffer.from(compressed.body, 'latin1')).toString('latin1')).toBe(plain.body);
    expect(compressed.body.length).toBeLessThan(plain.body.length / 4);
  });

  test.each(['br', 'identity', 'gzip;q=0'])('is not for one that accepts %s', async (encoding) => {
    const { url } = await serve(createRelay().app);
    const { headers, body } = await ask(url, '/openapi.json', accepting(encoding));
    expect([headers['content-encoding'], body.startsWith('{')]).toEqual([undefined, true]);
  });
});

test('a short answer is not compressed', async () => {
  const { url } = await serve(createRelay().app);
  const { headers, body } = await ask(url, '/watchdog', { headers: { 'Accept-Encoding': 'gzip', 'Health-Check': 'x' } });
  expect([headers['content-encoding'], body]).toEqual([undefined, '{"data":"x"}\n']);
});

test('an answer of the relay is one line', async () => {
  const { text } = await createRelay().ask('POST', '/observe/observables', [ADDRESS]);
  expect(text.trimEnd()).toBe(JSON.stringify(JSON.parse(text)));
});
