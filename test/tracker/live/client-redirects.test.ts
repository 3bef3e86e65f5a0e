import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { failed, listed, openLive, startFake, startLive, startServer } from '../../helpers/live-tracker.ts';

const KEY = 'panel.example/a?b=1&c=2';
const LOOKUP = `/query.php?url=${encodeURIComponent(KEY)}`;
const HIT = '{"message":"Malicious: Pony"}';
const NO_ANSWER = 'The tracker redirects to a page that does not match the lookup';
const ELSEWHERE = 'The tracker redirects to another site, which is not followed';

/** A tracker that redirects the question once and answers it then. */
function startRedirecting(location: string, status?: number) {
  return startLive({
    listings: { [KEY]: 'Malicious: Pony', 'other.example': 'Malicious: wrong' },
    faults: { [KEY]: { kind: 'redirect', location, ...(status === undefined ? {} : { status }) } },
    failFirst: 1,
  });
}

function redirect(response: ServerResponse, location: string): ServerResponse {
  return response.writeHead(302, { Location: location });
}

describe('a redirect on the same server is followed', () => {
  test.each([301, 302, 303, 307, 308])('with status %i', async (status) => {
    const live = await startRedirecting(LOOKUP, status);
    expect(await live.ask(KEY)).toEqual(listed('Pony'));
    expect(live.fake.requests.map(({ path }) => path)).toEqual([LOOKUP, LOOKUP]);
  });

  test.each([
    ['', LOOKUP],
    [`?x=1&${LOOKUP.slice('/query.php?'.length)}`, `/query.php?x=1&url=${encodeURIComponent(KEY)}`],
    [`./query.php${LOOKUP.slice('/query.php'.length)}#top`, LOOKUP],
  ])('with the relative Location %j', async (location, path) => {
    const live = await startRedirecting(location);
    expect(await live.ask(KEY)).toEqual(listed('Pony'));
    expect(live.fake.requests.map((request) => request.path)).toEqual([LOOKUP, path]);
  });

  test('five times, and no more', async () => {
    const url = await startServer(({ url: path = '' }, response) => {
      const target = new URL(path, 'http://tracker.example');
      const left = Number(target.searchParams.get('left') ?? target.searchParams.get('url')?.replace(/\D/g, ''));
      target.searchParams.set('left', String(left - 1));
      if (left === 0) response.end(HIT);
      else redirect(response, target.pathname + target.search).end();
    });
    const live = await openLive(url);
    expect(await live.askAll(['after5.example', 'after6.example'])).toEqual([
      listed('Pony'),
      failed('unexpected-answer', 'unknown', 'The tracker redirects in a loop (more than 5 redirects)'),
    ]);
  });

  test('without the credentials that it names', async () => {
    const live = await startLive({ listings: { [KEY]: 'Malicious: Pony' }, failFirst: 1 });
    const location = `${live.fake.url.replace('//', '//user:secret@')}${LOOKUP.slice(1)}`;
    live.fake.set({ faults: { [KEY]: { kind: 'redirect', location } } });
    expect(await live.ask(KEY)).toEqual(listed('Pony'));
    expect(live.fake.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  });
});

describe('the body of a redirect', () => {
  const startWithBody = (writeBody: (response: ServerResponse) => void) => {
    let isFirst = true;
    return startServer((_request, response) => {
      if (isFirst) writeBody(redirect(response, LOOKUP));
      else response.end(HIT);
      isFirst = false;
    });
  };

  test('is not waited for when it stalls', async () => {
    const live = await openLive(await startWithBody((response) => void response.write('moved')));
    expect(await live.ask(KEY)).toEqual(listed('Pony'));
  });

  test('may be cut short', async () => {
    const url = await startWithBody((response) => void response.write('moved', () => response.destroy()));
    const live = await openLive(url);
    expect(await live.ask(KEY)).toEqual(listed('Pony'));
  });

  test('may be longer than any answer', async () => {
    const live = await openLive(await startWithBody((response) => void response.end(Buffer.alloc(2 * 1024 ** 2))));
    expect(await live.ask(KEY)).toEqual(listed('Pony'));
  });

  test('hides no place to which it leads', async () => {
    const url = await startServer((_request, response) => void redirect(response, 'http://other.example/').write('moved'));
    const live = await openLive(url);
    const message = `${ELSEWHERE} (http://other.example)`;
    expect(await live.ask(KEY)).toEqual(failed('unexpected-answer', 'unknown', message));
  });

  test('that is short leaves a connection that is used again', async () => {
    const live = await startRedirecting(LOOKUP);
    await live.ask(KEY);
    await live.ask(KEY);
    expect([live.fake.requests.length, live.fake.connections]).toEqual([3, 1]);
  });
});

describe('a redirect that loses the question fails', () => {
  test.each([
    ['/query.php', `${NO_ANSWER} (/query.php)`],
    ['/query.php?url=', `${NO_ANSWER} (/query.php)`],
    ['/query.php?url=other.example', `${NO_ANSWER} (/query.php)`],
    [`/query.php?url=${KEY}`, `${NO_ANSWER} (/query.php)`],
    [`${LOOKUP}&url=other.example`, `${NO_ANSWER} (/query.php)`],
    [`/query.php?url=other.example&url=${encodeURIComponent(KEY)}`, `${NO_ANSWER} (/query.php)`],
    [`${LOOKUP}&u%72l=${encodeURIComponent(KEY)}`, `${NO_ANSWER} (/query.php)`],
    [`${LOOKUP}&url[]=other.example`, `${NO_ANSWER} (/query.php)`],
    [`${LOOKUP}&url%00x=other.example`, `${NO_ANSWER} (/query.php)`],
    [`${LOOKUP}&+url=other.example`, `${NO_ANSWER} (/query.php)`],
    ['/', `${NO_ANSWER} (/)`],
    ['/all.php', `${NO_ANSWER} (/all.php)`],
  ])('to %s', async (location, message) => {
    const live = await startRedirecting(location);
    expect(await live.ask(KEY)).toEqual(failed('unexpected-answer', 'unknown', message));
  });
});

test.each(['/other.php', '/query.php/', '/query.php/x', '/base/query.php'])(
  'a redirect to another page fails: %s',
  async (path) => {
    const url = await startServer(({ url: asked = '' }, response) => {
      if (asked === LOOKUP) redirect(response, asked.replace('/query.php', path)).end();
      else response.end(HIT);
    });
    expect(await (await openLive(url)).ask(KEY)).toEqual(failed('unexpected-answer', 'unknown', `${NO_ANSWER} (${path})`));
  },
);

describe('a redirect that is not followed fails', () => {
  test('and the other server is never contacted', async () => {
    const other = await startFake({ listings: { [KEY]: 'Malicious: wrong' } });
    const live = await startRedirecting(`${other.url}query.php?url=${encodeURIComponent(KEY)}`);
    const message = `${ELSEWHERE} (${other.url.slice(0, -1)})`;
    expect(await live.ask(KEY)).toEqual(failed('unexpected-answer', 'unknown', message));
    expect([other.connections, other.requests, live.fake.requests.length]).toEqual([0, [], 1]);
  });

  test('and nor is the same server by another name', async () => {
    const live = await startLive();
    const place = live.fake.url.replace('127.0.0.1', 'localhost').slice(0, -1);
    live.fake.set({ faultEverywhere: { kind: 'redirect', location: place + LOOKUP } });
    expect(await live.ask(KEY)).toEqual(failed('unexpected-answer', 'unknown', `${ELSEWHERE} (${place})`));
    expect(live.fake.requests.length).toBe(1);
  });

  test('and the cookies of a challenge stay at home', async () => {
    const other = await startFake();
    const live = await startLive({ challenge: 'on' });
    await live.ask(KEY);
    live.fake.set({ faultEverywhere: { kind: 'redirect', location: other.url } });
    await live.ask(KEY);
    expect(live.fake.requests.at(-1)?.headers.cookie).toMatch(/^__r=/);
    expect(other.connections).toBe(0);
  });

  test('also a challenge that leads to another server', async () => {
    const other = await startFake();
    const live = await startRedirecting(`${other.url}query.php?__r=1.0123456789abcdef0123456789abcdef`);
    const message = `${ELSEWHERE} (${other.url.slice(0, -1)})`;
    expect(await live.ask(KEY)).toEqual(failed('unexpected-answer', 'unknown', message));
    expect([other.connections, live.fake.requests.length]).toEqual([0, 1]);
  });

  test.each([
    ['http://[', 'The tracker answered 302 with an invalid Location header'],
    ['mailto:a@tracker.example', `${ELSEWHERE} (mailto:)`],
  ])('to %s', async (location, message) => {
    const live = await startRedirecting(location);
    expect(await live.ask(KEY)).toEqual(failed('unexpected-answer', 'unknown', message));
    expect(live.fake.requests.length).toBe(1);
  });

  test.each([
    [302, 'The tracker answered 302 without a Location header'],
    [304, 'The tracker answered 304 Not Modified'],
  ])('with status %i and no Location', async (status, message) => {
    const live = await startLive({ faultEverywhere: { kind: 'status', status } });
    expect(await live.ask(KEY)).toEqual(failed('unexpected-answer', 'unknown', message));
  });
});

test('http is followed to https on the same host, where the certificate counts', async () => {
  const live = await startLive();
  const location = live.fake.url.replace('http:', 'https:') + LOOKUP.slice(1);
  live.fake.set({ faults: { [KEY]: { kind: 'redirect', location } } });
  // The same port speaks no TLS: that it was tried shows that the redirect was followed.
  const message = expect.stringMatching(/^The TLS handshake with the tracker failed \(/) as unknown;
  expect(await live.ask(KEY)).toEqual({ status: 'failed', code: 'unavailable', relayCode: 'service unavailable', message });
  expect([live.fake.requests.length, live.fake.connections]).toEqual([1, 2]);
});
