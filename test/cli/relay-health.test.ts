import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listenOnLoopback } from '../helpers/loopback-server.ts';
import { runMain, spawnCct } from '../helpers/run-cct.ts';
import { startServe } from '../helpers/serve.ts';
import { asking, complaint, openTracker } from './live.ts';

const bad = (message: string) => ({
  status: 4,
  stdout: `${JSON.stringify({ errors: [{ type: 'fatal', code: 'health check failed', message }] })}\n`,
  stderr: `cct: health check failed: ${message}\n`,
});

/** Something that answers where a relay is looked for; its host and port. */
async function startOther(answer: RequestListener): Promise<string> {
  const server = await listenOnLoopback(createServer(answer));
  onTestFinished(() => server.close());
  return `127.0.0.1:${server.port}`;
}

describe('cct health --relay', () => {
  test('is good when the relay answers, with a token or without, and does not ask the tracker', async () => {
    const tracker = await openTracker();
    const secret = { CCT_JWT_SECRET: '0123456789abcdef0123456789abcdef' };
    const relay = await startServe(asking(tracker), { env: secret });
    const good = { status: 0, stdout: '{"data":{"status":"ok"}}\n', stderr: '' };
    expect(await runMain(['health', '--relay', relay.url])).toEqual(good);
    // No proxy is asked, whatever the variables say: there is none at this port.
    const env = { HTTP_PROXY: 'http://127.0.0.1:9', CCT_PROXY: 'http://127.0.0.1:9', CCT_SOURCE: 'snapshot' };
    expect(await spawnCct(['health', '--relay', relay.url], { env }).finished).toMatchObject(good);
    expect([tracker.lookups(), relay.logged().filter(({ msg }) => msg === 'request')]).toEqual([
      [],
      [
        expect.objectContaining({ route: '/watchdog', status: 200 }),
        expect.objectContaining({ route: '/watchdog', status: 200 }),
      ],
    ]);
  });

  test('is bad when nobody listens', async () => {
    const server = await listenOnLoopback(createServer());
    await server.close();
    const { status, stdout, stderr } = await runMain(['health', '--relay', `http://127.0.0.1:${server.port}`]);
    expect([status, stdout.trimEnd().split('\n')]).toEqual([4, [expect.stringContaining('health check failed')]]);
    expect(stderr).toContain(`The relay at 127.0.0.1:${server.port} refused the connection`);
  });

  const FOREIGN = 'http://HOST/watchdog is not a relay: it did not echo the Health-Check header';
  test.each<[what: string, answer: RequestListener, path: string, message: string]>([
    ['nothing in time', () => undefined, '', 'The relay at HOST did not answer within 200 ms'],
    ['another status', (_, answer) => answer.writeHead(503).end(), '/cct', 'http://HOST/cct/watchdog answered 503, not 200'],
    ['a page', (_, answer) => answer.end('<html>'), '', FOREIGN],
    ['other JSON', (_, answer) => answer.end('{"data":"other"}'), '', FOREIGN],
    ['null', (_, answer) => answer.end('null'), '', FOREIGN],
  ])('is bad when this comes: %s', async (_what, answer, path, message) => {
    const host = await startOther(answer);
    const run = await runMain(['health', '--relay', `http://${host}${path}`, '--timeout', '200ms']);
    expect(run).toEqual(bad(message.replace('HOST', host)));
  });

  test.each([
    [
      ['relay.example:9090'],
      '--relay: expected an http or https URL without user, password, query or fragment, got "relay.example:9090"',
    ],
    [['http://relay.example', '--offline'], '--offline has no effect with --relay: the tracker is not queried'],
  ])('refuses %j', async (args, message) => {
    expect(await runMain(['health', '--relay', ...args])).toEqual(complaint(message));
  });
});
