import { describe, expect, onTestFinished, test } from 'vitest';
import type { CertificateName } from '../../helpers/certificates.ts';
import { caPath, readCertificate } from '../../helpers/certificates.ts';
import { startFakeProxy } from '../../helpers/fake-proxy.ts';
import type { FakeTracker } from '../../helpers/fake-tracker.ts';
import { startFake, startServer } from '../../helpers/live-tracker.ts';
import { readAnswer, spawnCct } from '../../helpers/run-cct.ts';

const LISTINGS = { '192.0.2.1': 'Malicious: Pony', 'panel.example/a': 'Malicious: ZeuS' };
const UNVERIFIED = 'Unable to verify SSL certificate';

function startSecure(certificate: CertificateName): Promise<FakeTracker> {
  return startFake({ listings: LISTINGS }, readCertificate(certificate));
}

// Which authorities a process trusts is settled when it starts, so these run the program itself.
describe('the program that trusts the authority', () => {
  const ask = async (apiUrl: string, ...args: readonly string[]) => {
    const observables = ['--ip', '192.0.2.1', '--url', 'http://panel.example/a', '--retries', '0'];
    const run = await spawnCct(['observe', '--api-url', apiUrl, ...observables, ...args], {
      env: { NODE_EXTRA_CA_CERTS: caPath },
    }).finished;
    return { status: run.status, ...readAnswer(run.stdout) };
  };
  const answered = (...values: readonly string[]) => ({ status: 0, verdicts: values, judgements: values, errors: [] });
  const refused = (message: string) => ({
    status: 4,
    verdicts: undefined,
    judgements: undefined,
    errors: [{ type: 'fatal', code: 'unknown', message: `${message}: 192.0.2.1, http://panel.example/a` }],
  });

  test('is answered', async () => {
    const fake = await startSecure('localhost');
    expect(await ask(fake.url)).toEqual(answered('192.0.2.1', 'http://panel.example/a'));
  });

  test('is answered by name too', async () => {
    const fake = await startSecure('localhost');
    expect(await ask(fake.url.replace('127.0.0.1', 'localhost'))).toEqual(answered('192.0.2.1', 'http://panel.example/a'));
  });

  test('is answered through a tunnel', async () => {
    const fake = await startSecure('localhost');
    const proxy = await startFakeProxy();
    onTestFinished(() => proxy.close());
    const told = await ask(fake.url, '--proxy', proxy.url);
    expect(told).toEqual(answered('192.0.2.1', 'http://panel.example/a'));
    expect(new Set(proxy.requests.map(({ method, target }) => `${method} ${target}`))).toEqual(
      new Set([`CONNECT ${new URL(fake.url).host}`]),
    );
  });

  test('is answered where http sends it to https', async () => {
    const fake = await startSecure('localhost');
    const url = await startServer(({ url: path = '' }, response) => {
      response.writeHead(301, { Location: fake.url.slice(0, -1) + path }).end();
    });
    expect(await ask(url)).toEqual(answered('192.0.2.1', 'http://panel.example/a'));
    expect(fake.requests.map(({ key }) => key).sort()).toEqual(['192.0.2.1', 'panel.example/a']);
  });

  test('is not answered where https sends it back to http', async () => {
    const plain = await startFake({ listings: LISTINGS });
    const fake = await startSecure('localhost');
    fake.set({ faultEverywhere: { kind: 'redirect', location: plain.url } });
    const place = plain.url.slice(0, -1);
    expect(await ask(fake.url)).toEqual(refused(`The tracker redirects to another site, which is not followed (${place})`));
    expect(plain.connections).toBe(0);
  });

  test('does not trust a certificate that is over', async () => {
    const fake = await startSecure('expired');
    expect(await ask(fake.url)).toEqual(refused(`${UNVERIFIED}: certificate has expired`));
    expect(fake.requests).toEqual([]);
  });

  test('does not trust the certificate of another host', async () => {
    const fake = await startSecure('other-host');
    const { errors, status } = await ask(fake.url);
    expect([status, errors.map(({ type, code }) => [type, code])]).toEqual([4, [['fatal', 'unknown']]]);
    expect(errors[0]?.message).toMatch(/^Unable to verify SSL certificate: Hostname\/IP does not match certificate's altnames: /);
    expect(fake.requests).toEqual([]);
  });
});
