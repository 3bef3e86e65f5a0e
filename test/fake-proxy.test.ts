import { readFileSync } from 'node:fs';
import { request as sendRequest } from 'node:http';
import { connect } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import type { CertificateName } from './helpers/certificates.ts';
import { caPath, readCertificate } from './helpers/certificates.ts';
import type { FakeProxy, FakeProxyOptions } from './helpers/fake-proxy.ts';
import { startFakeProxy } from './helpers/fake-proxy.ts';
import type { FakeTracker } from './helpers/fake-tracker.ts';
import { startFakeTracker } from './helpers/fake-tracker.ts';
import { ask } from './helpers/plain-http.ts';

const ca = readFileSync(caPath, 'utf8');
const CREDENTIALS = { user: 'ann', password: 'p:w' };
const AUTHORIZATION = `Basic ${Buffer.from('ann:p:w').toString('base64')}`;

async function startBoth(
  options?: FakeProxyOptions,
  name?: CertificateName,
): Promise<{ proxy: FakeProxy; tracker: FakeTracker }> {
  const tracker = await startFakeTracker({}, name && readCertificate(name));
  onTestFinished(() => tracker.close());
  const proxy = await startFakeProxy(options);
  onTestFinished(() => proxy.close());
  return { proxy, tracker };
}

/** The status of a CONNECT, and what the target answers to a GET of `/` through the tunnel. */
function askThroughTunnel(
  proxy: FakeProxy,
  target: string,
  headers: Record<string, string> = {},
): Promise<readonly [number, string]> {
  const { port } = new URL(proxy.url);
  return new Promise((resolve, reject) => {
    const request = sendRequest({ host: '127.0.0.1', port, method: 'CONNECT', path: target, headers, agent: false });
    request.once('error', reject).once('connect', ({ statusCode = 0 }, socket) => {
      if (statusCode !== 200) {
        resolve([statusCode, '']);
        return;
      }
      const secure = connect({ socket, ca, servername: 'localhost' });
      secure.once('error', reject).write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      let text = '';
      secure.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk));
      secure.once('end', () => resolve([statusCode, text]));
    });
    request.end();
  });
}

test('a plain request is forwarded as it stands, without what is meant for the proxy', async () => {
  const { proxy, tracker } = await startBoth();
  const target = `${tracker.url}query.php?url=a%2Fb%3F%2e`;
  const headers = { host: new URL(tracker.url).host, 'proxy-authorization': AUTHORIZATION };
  const reply = await ask(proxy.url, target, { headers });
  expect([reply.status, reply.body]).toEqual([200, '{"success":false,"message":"Unknown url"}']);
  expect(proxy.requests).toEqual([{ method: 'GET', target }]);
  expect(tracker.requests.map(({ path }) => path)).toEqual(['/query.php?url=a%2Fb%3F%2e']);
  expect(tracker.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
});

test('a tunnel leads to a tracker behind TLS', async () => {
  const { proxy, tracker } = await startBoth({}, 'localhost');
  const target = new URL(tracker.url).host;
  const [status, text] = await askThroughTunnel(proxy, target);
  expect([status, text.slice(0, 15)]).toEqual([200, 'HTTP/1.1 200 OK']);
  expect(proxy.requests).toEqual([{ method: 'CONNECT', target }]);
});

test('credentials are demanded of plain requests and tunnels', async () => {
  const { proxy, tracker } = await startBoth({ credentials: CREDENTIALS }, 'localhost');
  const target = new URL(tracker.url).host;
  const refused = await ask(proxy.url, tracker.url);
  expect([refused.status, refused.headers['proxy-authenticate']]).toEqual([407, 'Basic realm="proxy"']);
  const statuses = [
    await askThroughTunnel(proxy, target),
    await askThroughTunnel(proxy, target, { 'proxy-authorization': 'Basic eDp5' }),
    await askThroughTunnel(proxy, target, { 'proxy-authorization': AUTHORIZATION }),
  ].map(([status]) => status);
  expect(statuses).toEqual([407, 407, 200]);
  expect(proxy.requests).toHaveLength(4);
});

test('nothing but 127.0.0.1 is reached', async () => {
  const { proxy } = await startBoth();
  expect((await ask(proxy.url, 'http://tracker.example/')).status).toBe(403);
  expect(await askThroughTunnel(proxy, 'tracker.example:443')).toEqual([403, '']);
});

test('a target that does not answer is 502', async () => {
  const { proxy, tracker } = await startBoth();
  await tracker.close();
  expect((await ask(proxy.url, tracker.url)).status).toBe(502);
});

test('an answer that is cut short stays so', async () => {
  const { proxy, tracker } = await startBoth();
  tracker.set({ rootFault: 'cut-chunked' });
  await expect(ask(proxy.url, tracker.url)).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('the certificate of localhost is good when its CA is trusted', async () => {
  const { tracker } = await startBoth({}, 'localhost');
  expect((await ask(tracker.url, '/', { ca })).status).toBe(200);
  expect(tracker.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/$/);
});

test.each([
  ['localhost', undefined, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['self-signed', ca, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['expired', ca, 'CERT_HAS_EXPIRED'],
  ['other-host', ca, 'ERR_TLS_CERT_ALTNAME_INVALID'],
] as const)('the certificate %s is refused for its own reason', async (name, trusted, code) => {
  const { tracker } = await startBoth({}, name);
  await expect(ask(tracker.url, '/', trusted === undefined ? {} : { ca: trusted })).rejects.toMatchObject({ code });
  expect([tracker.connections, tracker.requests]).toEqual([1, []]);
});

test('faults of the connection are the same over TLS', async () => {
  const { tracker } = await startBoth({}, 'localhost');
  tracker.set({ rootFault: 'reset' });
  await expect(ask(tracker.url, '/', { ca })).rejects.toMatchObject({ code: 'ECONNRESET' });
});
