import { describe, expect, test } from 'vitest';
import { readAnswer } from '../helpers/run-cct.ts';
import { startServe } from '../helpers/serve.ts';
import { signHs256, HS256_SECRET } from '../helpers/tokens.ts';
import { writeTempFile } from './live.ts';

const AUDIENCE = 'https://relay.example';
const PANEL = [{ type: 'ip', value: '198.51.100.60' }];

function bearing(token: string): RequestInit {
  return { headers: { Authorization: `Bearer ${token}` } };
}

function refused(message: string): unknown {
  return { errors: [{ type: 'fatal', code: 'authorization error', message: `Authorization failed: ${message}` }] };
}

describe('a relay with a secret', () => {
  test.each(['--jwt-secret-file', 'CCT_JWT_SECRET_FILE', 'CCT_JWT_SECRET'])('from %s asks for its token', async (way) => {
    const file = writeTempFile('secret', `${HS256_SECRET}\n`);
    const env = way.startsWith('--') ? {} : { [way]: way.endsWith('FILE') ? file : HS256_SECRET };
    const relay = await startServe(['--snapshot', 'sample', ...(way.startsWith('--') ? [way, file] : [])], { env });
    const good = await relay.post('/observe/observables', PANEL, bearing(signHs256({ key: 'x' }, HS256_SECRET)));
    expect(readAnswer(await good.text()).verdicts).toEqual(['198.51.100.60']);
    const missing = await relay.post('/observe/observables', PANEL);
    expect(await missing.json()).toEqual(refused('Authorization header is missing'));
    const forged = await relay.post('/health', '', bearing(signHs256({}, `${HS256_SECRET}!`)));
    expect(await forged.json()).toEqual(refused('Failed to decode JWT with provided key'));
  });

  // Which tokens are refused is tested in test/relay/auth.
  test('looks at audience and time, and may listen on any address', async () => {
    const nowMs = Date.UTC(2026, 0, 2);
    const relay = await startServe(['--snapshot', 'sample', '--host', '0.0.0.0', '--audience', AUDIENCE], {
      now: () => new Date(nowMs),
      env: { CCT_JWT_SECRET: HS256_SECRET },
    });
    const local = `http://127.0.0.1:${relay.port}/deliberate/observables`;
    const post = async (claims: Record<string, unknown>): Promise<unknown> =>
      (await fetch(local, { method: 'POST', body: '[]', ...bearing(signHs256(claims, HS256_SECRET)) })).json();
    expect(await post({ aud: AUDIENCE })).toEqual({ data: {} });
    expect(await post({ aud: 'x' })).toEqual(refused('Wrong configuration-token-audience'));
    expect(await post({ aud: AUDIENCE, exp: nowMs / 1000 - 61 })).toEqual(refused('JWT has expired'));
  });

  test('takes an audience that is no URL', async () => {
    const relay = await startServe(['--snapshot', 'sample', '--audience', 'team-a'], { env: { CCT_JWT_SECRET: HS256_SECRET } });
    const answer = await relay.post('/deliberate/observables', [], bearing(signHs256({ aud: 'team-a' }, HS256_SECRET)));
    expect(await answer.json()).toEqual({ data: {} });
  });

  test('logs why a token was refused, and no part of the token', async () => {
    const env = { CCT_JWT_SECRET: HS256_SECRET };
    const relay = await startServe(['--snapshot', 'sample', '--metrics', '--audience', AUDIENCE], { env });
    const token = signHs256({ aud: 'https://other.example' }, HS256_SECRET);
    await relay.post('/health', '', bearing(token));
    await relay.post('/health', '');
    await fetch(`${relay.url}/metrics`, bearing('a.b.c'));
    await relay.post('/health', '', bearing(signHs256({ aud: AUDIENCE }, HS256_SECRET)));
    const lines = relay.logged().filter(({ msg }) => msg === 'request');
    expect(lines.map(({ route, status, reason }) => [route, status, reason])).toEqual([
      ['/health', 200, 'Wrong configuration-token-audience'],
      ['/health', 200, 'Authorization header is missing'],
      ['/metrics', 401, 'Wrong JWT structure'],
      ['/health', 200, undefined],
    ]);
    const log = JSON.stringify(lines);
    for (const part of [...token.split('.'), 'other.example']) expect(log).not.toContain(part);
  });

  test('in a file named on the command line is not the one in the environment', async () => {
    const file = writeTempFile('secret', HS256_SECRET);
    const relay = await startServe(['--snapshot', 'sample', '--jwt-secret-file', file], {
      env: { CCT_JWT_SECRET: HS256_SECRET.toUpperCase() },
    });
    const answer = await relay.post('/observe/observables', [], bearing(signHs256({}, HS256_SECRET)));
    expect(await answer.json()).toEqual({ data: {} });
  });

  test('gives its figures to nobody without a token', async () => {
    const relay = await startServe(['--snapshot', 'sample', '--metrics'], { env: { CCT_JWT_SECRET: HS256_SECRET } });
    const get = async (init: RequestInit = {}) => (await fetch(`${relay.url}/metrics`, init)).status;
    expect([await get(), await get(bearing(signHs256({}, HS256_SECRET)))]).toEqual([401, 200]);
  });
});

test('a relay says in its documents whether it asks for a token', async () => {
  const describe = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const relay = await startServe(['--snapshot', 'sample', ...args], { env });
    const [document, page] = await Promise.all([
      fetch(`${relay.url}/openapi.json`),
      fetch(relay.url, { headers: { Accept: 'text/html' } }),
    ]);
    return [(await document.text()).includes('"securitySchemes"'), (await page.text()).includes('Authorization: Bearer')];
  };
  expect(await describe([])).toEqual([false, false]);
  expect(await describe([], { CCT_JWT_SECRET: HS256_SECRET })).toEqual([true, true]);
  expect(await describe(['--jwks-host', 'keys.example', '--audience', AUDIENCE])).toEqual([true, true]);
});
