import { describe, expect, onTestFinished, test } from 'vitest';
import { caPath, readCertificate } from '../helpers/certificates.ts';
import { startFakeProxy } from '../helpers/fake-proxy.ts';
import type { FakeJwks, FakeJwksOptions } from '../helpers/fake-jwks.ts';
import { spawnCct } from '../helpers/run-cct.ts';
import { startServe } from '../helpers/serve.ts';
import { createRsaSigner } from '../helpers/tokens.ts';
import { startKeyHost } from '../helpers/key-host.ts';

const AUDIENCE = 'https://relay.example';
const signer = createRsaSigner('k1');

function startKeys(options: FakeJwksOptions = {}): Promise<FakeJwks> {
  return startKeyHost({ keys: [signer.jwk], ...options });
}

function bearing(token: string): RequestInit {
  return { headers: { Authorization: `Bearer ${token}` } };
}

function refused(message: string): unknown {
  return { errors: [{ type: 'fatal', code: 'authorization error', message: `Authorization failed: ${message}` }] };
}

describe('a relay with key hosts', () => {
  const startIn = (env: Readonly<Record<string, string>>, ...hosts: readonly string[]) =>
    spawnCct(
      ['serve', '--port', '0', '--snapshot', 'sample', '--audience', AUDIENCE, ...hosts.flatMap((host) => ['--jwks-host', host])],
      { env: { NODE_EXTRA_CA_CERTS: caPath, ...env } },
    );
  const start = (...hosts: readonly string[]) => startIn({}, ...hosts);
  const ask = async (run: ReturnType<typeof start>, token: string): Promise<unknown> => {
    const [url = ''] = await run.said(/http:\/\/[\d.:]+/);
    const answer = await fetch(`${url}/deliberate/observables`, { method: 'POST', body: '[]', ...bearing(token) });
    return answer.json();
  };

  test('takes a token signed with a key of one of them, and fetches the keys once', async () => {
    const [keys, others] = await Promise.all([startKeys(), startKeys({ keys: [createRsaSigner('k2').jwk] })]);
    const run = start(others.host, keys.host);
    const token = signer.sign({ aud: [AUDIENCE, 'x'] });
    for (let asked = 0; asked < 3; asked += 1) expect(await ask(run, token)).toEqual({ data: {} });
    expect(keys.requests).toHaveLength(1);
    expect(await ask(run, signer.sign({ aud: 'x' }))).toEqual(refused('Wrong configuration-token-audience'));
  });

  test('asks them through the proxy of the environment', async () => {
    const [keys, proxy] = await Promise.all([startKeys(), startFakeProxy()]);
    onTestFinished(() => proxy.close());
    const run = startIn({ HTTPS_PROXY: proxy.url }, keys.host);
    expect(await ask(run, signer.sign({ aud: AUDIENCE }))).toEqual({ data: {} });
    expect(proxy.requests).toEqual([{ method: 'CONNECT', target: keys.host }]);
  });

  test('asks no host that a token names', async () => {
    const [keys, attacker] = await Promise.all([startKeys(), startKeys({ keys: [createRsaSigner('evil').jwk] })]);
    const run = start(keys.host);
    const evil = createRsaSigner('evil');
    const place = `${attacker.url}.well-known/jwks`;
    const token = evil.sign({ aud: AUDIENCE, jwks_host: attacker.host }, { jku: place, x5u: place, jwk: evil.jwk });
    expect(await ask(run, token)).toEqual(refused('kid from JWT header not found in API response'));
    expect([attacker.requests.length, attacker.connections]).toEqual([0, 0]);
  });

  test('whose certificate cannot be trusted takes no token, and says why in the log', async () => {
    const keys = await startKeys({ tls: readCertificate('self-signed') });
    const run = start(keys.host);
    expect(JSON.stringify(await ask(run, signer.sign({ aud: AUDIENCE })))).toContain('Authorization failed');
    const [line] = await run.said(/"level":"error".*/);
    expect(line).toContain('Unable to verify SSL certificate: self-signed certificate');
    // An outage is no bug: the stack is for --debug.
    expect(line).not.toContain('"stack"');
    expect(keys.requests).toEqual([]);
  });

  test('that could not be read is not requested again at once, even if the clock is set forward', async () => {
    // No process trusts it that was not told to when it started.
    const keys = await startKeys();
    let nowMs = Date.UTC(2026, 0, 2);
    const relay = await startServe(['--snapshot', 'sample', '--audience', AUDIENCE, '--jwks-host', keys.host], {
      now: () => new Date(nowMs),
    });
    const token = signer.sign({ aud: AUDIENCE });
    const ask = async () => (await relay.post('/deliberate/observables', '[]', bearing(token))).text();
    await ask();
    nowMs += 3_600_000;
    expect(await ask()).toContain('Authorization failed');
    expect(keys.connections).toBe(1);
  });

  test('that is not there takes no token, and is named in the log', async () => {
    const keys = await startKeys();
    await keys.close();
    const run = start(keys.host);
    expect(JSON.stringify(await ask(run, signer.sign({ aud: AUDIENCE })))).toContain('Authorization failed');
    expect((await run.said(/"level":"error".*/))[0]).toContain(`${keys.host} refused the connection`);
  });

  test('has the number of their keys in its metrics', async () => {
    const [keys, broken] = await Promise.all([startKeys(), startKeys({ status: 503 })]);
    const run = startIn({ CCT_METRICS: '1' }, broken.host, keys.host);
    const [url = ''] = await run.said(/http:\/\/[\d.:]+/);
    const scrape = async () => (await fetch(`${url}/metrics`, bearing(signer.sign({ aud: AUDIENCE })))).text();
    // The broken host may answer behind the other.
    await scrape();
    await run.said(/answered 503/);
    expect((await scrape()).match(/^cct_key_set_keys.*$/gm)).toEqual([
      `cct_key_set_keys{host="${broken.host}"} 0`,
      `cct_key_set_keys{host="${keys.host}"} 1`,
    ]);
  });

  test('whose key set is empty takes no token, and is warned of in the log', async () => {
    const keys = await startKeys({ keys: [] });
    const run = start(keys.host);
    expect(await ask(run, signer.sign({ aud: AUDIENCE }))).toEqual(refused('kid from JWT header not found in API response'));
    expect((await run.said(/"level":"warn".*/))[0]).toContain(`The key set of ${keys.host} is empty, so no token from that host`);
  });

  test('that redirect are not followed', async () => {
    const keys = await startKeys({ status: 302 });
    const run = start(keys.host);
    expect(JSON.stringify(await ask(run, signer.sign({ aud: AUDIENCE })))).toContain('Authorization failed');
    expect((await run.said(/"level":"error".*/))[0]).toContain(`${keys.host} answered 302 instead of returning its keys`);
  });
});
