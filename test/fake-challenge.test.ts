import { describe, expect, onTestFinished, test } from 'vitest';
import type { FakeTracker, FakeTrackerOptions } from './helpers/fake-tracker.ts';
import { startFakeTracker } from './helpers/fake-tracker.ts';
import type { PlainReply } from './helpers/plain-http.ts';
import { ask } from './helpers/plain-http.ts';

const LOOKUP = '/query.php?url=evil.example%2Fr%3Fa%3D1%26b%3D2';

async function start(options: Partial<FakeTrackerOptions>): Promise<FakeTracker> {
  const tracker = await startFakeTracker(options);
  onTestFinished(() => tracker.close());
  return tracker;
}

/** Where a redirect leads, as the next request-target: it must be an absolute URL of the same tracker. */
function targetOf({ headers }: PlainReply, { url }: FakeTracker): string {
  const location = headers.location ?? '';
  expect(location.slice(0, url.length)).toBe(url);
  return location.slice(url.length - 1);
}

function setCookieOf({ headers }: PlainReply): string | undefined {
  return headers['set-cookie']?.[0]?.split(';')[0];
}

function locationCookieOf({ headers }: PlainReply): string {
  return /__r=.*$/.exec(headers.location ?? '')?.[0] ?? '';
}

function askWith(tracker: FakeTracker, target: string, cookie?: string): Promise<PlainReply> {
  return ask(tracker.url, target, cookie === undefined ? {} : { headers: { cookie } });
}

describe('the challenge', () => {
  test.each([
    ['/all.php', /^\/all\.php\?__r=1\.[0-9a-f]{32}$/],
    ['/', /^\/\?__r=1\.[0-9a-f]{32}$/],
    [LOOKUP, /^\/query\.php\?url=evil\.example%2Fr%3Fa%3D1%26b%3D2&__r=1\.[0-9a-f]{32}$/],
  ])('in front of %s is passed in three hops', async (target, challenged) => {
    const tracker = await start({ challenge: 'on' });
    const first = await askWith(tracker, target);
    expect(first.status).toBe(307);
    expect(targetOf(first, tracker)).toMatch(challenged);
    const cookie = setCookieOf(first);
    expect(cookie).toBe(locationCookieOf(first));
    const second = await askWith(tracker, targetOf(first, tracker), cookie);
    expect([second.status, targetOf(second, tracker)]).toEqual([302, target]);
    const third = await askWith(tracker, target, cookie);
    expect(third.status).toBe(200);
    expect(tracker.challengesIssued).toBe(1);
  });

  test.each([undefined, '__r=1.00000000000000000000000000000000', 'other=1'])(
    'is put again on its second hop when the cookie is %s',
    async (cookie) => {
      const tracker = await start({ challenge: 'on' });
      const first = await askWith(tracker, LOOKUP);
      const second = await askWith(tracker, targetOf(first, tracker), cookie);
      const third = await askWith(tracker, targetOf(second, tracker), cookie);
      expect([second.status, third.status]).toEqual([307, 307]);
      expect([targetOf(second, tracker), targetOf(third, tracker)]).toEqual(Array(2).fill(targetOf(first, tracker)));
      expect(tracker.challengesIssued).toBe(3);
    },
  );

  test('has one token for all paths, so the original URL may be asked at once', async () => {
    const tracker = await start({ challenge: 'on', listings: { 'a.example': 'Malicious: Pony' } });
    const cookie = `session=1; ${locationCookieOf(await askWith(tracker, '/'))}`;
    expect((await askWith(tracker, '/all.php', cookie)).status).toBe(200);
    expect((await askWith(tracker, '/query.php?url=a.example', cookie)).body).toContain('Malicious: Pony');
  });

  test('has another token after rotation; the old one is refused', async () => {
    const tracker = await start({ challenge: 'on' });
    const old = locationCookieOf(await askWith(tracker, '/'));
    tracker.rotateToken();
    const refused = await askWith(tracker, '/', old);
    expect(refused.status).toBe(307);
    expect(locationCookieOf(refused)).not.toBe(old);
    expect((await askWith(tracker, '/', locationCookieOf(refused))).status).toBe(200);
  });

  test('can leave the cookie to Location alone', async () => {
    const tracker = await start({ challenge: 'on', challengeCookie: 'location' });
    const first = await askWith(tracker, LOOKUP);
    expect(first.headers['set-cookie']).toBeUndefined();
    expect((await askWith(tracker, LOOKUP, locationCookieOf(first))).status).toBe(200);
  });

  test('can leave the cookie to Set-Cookie alone; then the token in Location is worth nothing', async () => {
    const tracker = await start({ challenge: 'on', challengeCookie: 'set-cookie' });
    const first = await askWith(tracker, LOOKUP);
    expect((await askWith(tracker, LOOKUP, locationCookieOf(first))).status).toBe(307);
    expect((await askWith(tracker, LOOKUP, setCookieOf(first))).status).toBe(200);
  });

  test('can never end', async () => {
    const tracker = await start({ challenge: 'never-ends' });
    const first = await askWith(tracker, LOOKUP);
    const cookie = setCookieOf(first);
    const replies = [
      await askWith(tracker, targetOf(first, tracker), cookie),
      await askWith(tracker, LOOKUP, cookie),
      await askWith(tracker, '/', cookie),
    ];
    expect(replies.map(({ status }) => status)).toEqual([307, 307, 307]);
  });

  test.each([
    ['then-403', 403],
    ['then-503', 503],
  ] as const)('%s is passed, and that follows everywhere', async (challenge, status) => {
    const tracker = await start({ challenge, rootFault: 'reset' });
    const first = await askWith(tracker, LOOKUP);
    const cookie = setCookieOf(first);
    const second = await askWith(tracker, targetOf(first, tracker), cookie);
    const replies = [await askWith(tracker, LOOKUP, cookie), await askWith(tracker, '/', cookie)];
    expect([first, second, ...replies].map((reply) => reply.status)).toEqual([307, 302, status, status]);
  });

  test('comes before any fault', async () => {
    const tracker = await start({ challenge: 'on', faultEverywhere: 'empty', failFirst: 1 });
    const first = await askWith(tracker, LOOKUP);
    const cookie = setCookieOf(first);
    const replies = [await askWith(tracker, LOOKUP, cookie), await askWith(tracker, LOOKUP, cookie)];
    expect(replies.map(({ body }) => body)).toEqual(['', '{"success":false,"message":"Unknown url"}']);
  });
});
