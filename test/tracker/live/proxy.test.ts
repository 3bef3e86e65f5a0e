import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openAgents, withoutPassword } from '../../../src/tracker/live/agents.ts';
import { readCertificate } from '../../helpers/certificates.ts';
import type { FakeProxyOptions } from '../../helpers/fake-proxy.ts';
import { startFakeProxy } from '../../helpers/fake-proxy.ts';
import {
  failed,
  listed,
  openLive,
  startFake,
  startLive,
  takeDeadUrl,
  times,
  toKeys,
  unlisted,
} from '../../helpers/live-tracker.ts';

const LISTINGS = { 'a.example/x?b=1': 'Malicious: Pony' };
const REFUSES = failed('unexpected-answer', 'unknown', 'The tracker answered 407 Proxy Authentication Required');

async function startProxy(options?: FakeProxyOptions) {
  const proxy = await startFakeProxy(options);
  onTestFinished(() => proxy.close());
  return proxy;
}

describe('a tracker at http through a proxy', () => {
  test('is asked by its whole URL', async () => {
    const fake = await startFake({ listings: LISTINGS });
    const proxy = await startProxy();
    const live = await openLive(fake.url, { proxyFor: () => proxy.url });
    expect(await live.ask('a.example/x?b=1')).toEqual(listed('Pony'));
    expect(proxy.requests).toEqual([{ method: 'GET', target: `${fake.url}query.php?url=a.example%2Fx%3Fb%3D1` }]);
    expect(fake.requests.map(({ key }) => key)).toEqual(['a.example/x?b=1']);
  });

  test('is asked many things at once, and puts its challenge', async () => {
    const fake = await startFake({ challenge: 'on' });
    const proxy = await startProxy();
    const live = await openLive(fake.url, { proxyFor: () => proxy.url });
    expect(await live.askAll(toKeys(30))).toEqual(times(30, unlisted));
    expect(proxy.requests.length).toBe(fake.requests.length);
  });

  test('is chosen once for each scheme, host and port', async () => {
    const asked: string[] = [];
    const live = await startLive({}, { proxyFor: (url) => (asked.push(url.href), '') });
    expect([await live.ask('a.example'), await live.ask('b.example')]).toEqual([unlisted, unlisted]);
    expect(asked).toEqual([live.fake.url]);
  });

  test('is the one for https after a redirect to https', async () => {
    const secure = await startFake({}, readCertificate('self-signed'));
    const proxy = await startProxy();
    const live = await startLive(
      { faultEverywhere: { kind: 'redirect', location: `${secure.url}query.php?url=a.example` } },
      { proxyFor: ({ protocol }) => (protocol === 'https:' ? proxy.url : '') },
    );
    expect((await live.failureOf('a.example')).code).toBe('unverified-certificate');
    expect(proxy.requests).toEqual([{ method: 'CONNECT', target: new URL(secure.url).host }]);
    expect([live.fake.connections, secure.connections]).toEqual([1, 1]);
  });
});

describe('a tracker at https through a proxy', () => {
  test('is asked through a tunnel, and its certificate counts', async () => {
    const fake = await startFake({}, readCertificate('self-signed'));
    const proxy = await startProxy();
    const live = await openLive(fake.url, { proxyFor: () => proxy.url });
    const message = 'Unable to verify SSL certificate: self-signed certificate';
    expect(await live.ask('a.example')).toEqual(failed('unverified-certificate', 'unknown', message));
    expect([proxy.requests, fake.connections]).toEqual([[{ method: 'CONNECT', target: new URL(fake.url).host }], 1]);
  });
});

describe('a proxy that wants credentials', () => {
  const credentials = { user: 'us er', password: 'p@ss:w' };
  const withCredentials = (url: string) => url.replace('//', `//us%20er:p%40ss%3Aw@`);

  test('gets those of its URL', async () => {
    const fake = await startFake({ listings: LISTINGS });
    const proxy = await startProxy({ credentials });
    const live = await openLive(fake.url, { proxyFor: () => withCredentials(proxy.url) });
    expect(await live.ask('a.example/x?b=1')).toEqual(listed('Pony'));
    expect(fake.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
  });

  test('gets those of its URL for a tunnel too', async () => {
    const fake = await startFake({}, readCertificate('self-signed'));
    const proxy = await startProxy({ credentials });
    const live = await openLive(fake.url, { proxyFor: () => withCredentials(proxy.url) });
    expect((await live.failureOf('a.example')).code).toBe('unverified-certificate');
  });

  test('and gets none refuses', async () => {
    const fake = await startFake();
    const proxy = await startProxy({ credentials });
    expect(await (await openLive(fake.url, { proxyFor: () => proxy.url })).ask('a.example')).toEqual(REFUSES);
    const secure = await openLive('https://tracker.example/', { proxyFor: () => proxy.url });
    expect(await secure.ask('a.example')).toEqual(REFUSES);
    expect(fake.requests).toEqual([]);
  });

  test('is told of without them', async () => {
    const proxy = await startProxy({ credentials });
    const live = await openLive(await takeDeadUrl(), { proxyFor: () => withCredentials(proxy.url) });
    expect(live.events).toEqual([{ kind: 'proxy', text: proxy.url.slice(0, -1) }]);
    expect(withoutPassword('https://user:secret@proxy.example:3128/x')).toBe('https://proxy.example:3128');
  });
});

describe('a proxy that is not there', () => {
  test.each(['http:', 'https:'])('fails what is asked at %s', async (protocol) => {
    const url = await takeDeadUrl();
    const live = await openLive(`${protocol}//tracker.example/`, { proxyFor: () => url });
    const message = `The tracker refused the connection (connect ECONNREFUSED ${new URL(url).host})`;
    expect(await live.ask('a.example')).toEqual(failed('unavailable', 'service unavailable', message));
  });
});

describe('a proxy that never answers', () => {
  /** A proxy that takes every connection and says nothing; `next` is the first that comes. */
  const startSilence = async () => {
    const sockets: Socket[] = [];
    const closed: Promise<void>[] = [];
    const server = createServer((socket) => {
      sockets.push(socket.resume().on('error', () => undefined));
      closed.push(new Promise((resolve) => socket.once('close', () => resolve())));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const address = server.address();
    return { url: `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}/`, closed };
  };

  test.each(['http:', 'https:'])('is left when the time is over, its connection closed: %s', async (protocol) => {
    const { url, closed } = await startSilence();
    const live = await openLive(`${protocol}//tracker.example/`, { proxyFor: () => url, timeoutMs: 200 });
    const message = 'The tracker did not answer within 200 ms';
    expect(await live.ask('a.example')).toEqual(failed('unavailable', 'service unavailable', message));
    expect(closed.length).toBe(1);
    await Promise.all(closed);
  });
});

test('without a proxy the agents are those of Node, and nothing is told of one', async () => {
  const events: unknown[] = [];
  const options = { proxyFor: () => '', maxSockets: 3, trace: (event: unknown) => void events.push(event) };
  const agents = await openAgents(new URL('http://tracker.example/'), options);
  onTestFinished(() => agents.close());
  const used = ['http:', 'https:'].map((protocol) => agents.agentFor(new URL(`${protocol}//tracker.example/`), () => undefined));
  expect((await Promise.all(used)).map((agent) => [agent.constructor, agent.maxSockets])).toEqual([
    [http.Agent, 3],
    [https.Agent, 3],
  ]);
  expect(events).toEqual([]);
});
