import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { createChallengePasser, findToken } from '../../../src/tracker/live/challenge.ts';
import type { FakeTracker } from '../../helpers/fake-tracker.ts';
import {
  failed,
  listed,
  openLive,
  patient,
  startLive,
  startServer,
  times,
  toKeys,
  unlisted,
} from '../../helpers/live-tracker.ts';

const KEY = 'evil.example/r?a=1&b=2#f';
const LOOKUP = `/query.php?url=${encodeURIComponent(KEY)}`;
const TOKEN = /__r=1\.[0-9a-f]{32}$/;
const REFUSED = 'The tracker rejected the answer to its cookie challenge';

/** Requests made with the challenge's token in the URL. */
function secondHopsOf({ requests }: FakeTracker): number {
  return requests.filter(({ path }) => TOKEN.test(path)).length;
}

function cookiesOf({ requests }: FakeTracker) {
  return requests.map(({ headers }) => headers.cookie);
}

describe('the challenge', () => {
  test.each(['set-cookie', 'location', 'both'] as const)('whose cookie is in %s is passed, the key whole', async (cookie) => {
    const live = await startLive({ challenge: 'on', challengeCookie: cookie, listings: { [KEY]: 'Malicious: Pony' } });
    expect(await live.ask(KEY)).toEqual(listed('Pony'));
    expect(live.fake.requests.map(({ path }) => path.replace(TOKEN, '__r'))).toEqual([LOOKUP, `${LOOKUP}&__r`, LOOKUP]);
    expect(live.fake.requests.map(({ key }) => key)).toEqual([KEY, KEY, KEY]);
    expect(cookiesOf(live.fake)).toEqual([undefined, expect.stringMatching(TOKEN), expect.stringMatching(TOKEN)]);
  });

  test('is passed where there is no query', async () => {
    const live = await startLive({ challenge: 'on' });
    await live.tracker.ping(patient);
    expect(live.fake.requests.map(({ path }) => path.replace(TOKEN, '__r'))).toEqual(['/', '/?__r', '/']);
  });

  test('is passed once for all that comes after', async () => {
    const live = await startLive({ challenge: 'on' });
    for (const key of toKeys(3)) await live.ask(key);
    await live.tracker.ping(patient);
    expect([live.fake.challengesIssued, secondHopsOf(live.fake), live.fake.requests.length]).toEqual([1, 1, 6]);
  });

  test.each(['set-cookie', 'location', 'both'] as const)('in %s is passed once for 50 at the same time', async (cookie) => {
    const keys = toKeys(50);
    const listings = Object.fromEntries(keys.map((key) => [key, `Malicious: ${key}`]));
    const live = await startLive({ challenge: 'on', challengeCookie: cookie, listings });
    expect(await live.askAll(keys)).toEqual(keys.map((key) => listed(key)));
    const { challengesIssued } = live.fake;
    expect(challengesIssued).toBeLessThanOrEqual(6);
    expect([secondHopsOf(live.fake), live.fake.requests.length]).toEqual([1, 50 + challengesIssued + 1]);
  });

  test('is passed again when the token changes', async () => {
    const live = await startLive({ challenge: 'on' });
    await live.ask('a.example');
    live.fake.rotateToken();
    expect(await live.askAll(toKeys(20))).toEqual(times(20, unlisted));
    expect(secondHopsOf(live.fake)).toBe(2);
  });

  test('that never ends is given up after five requests', async () => {
    const live = await startLive({ challenge: 'never-ends', listings: { [KEY]: 'Malicious: Pony' } });
    expect(await live.ask(KEY)).toEqual(failed('forbidden', 'permission denied', REFUSED));
    expect(live.fake.requests.length).toBe(5);
  });

  test('that never ends costs 50 no more than five requests each', async () => {
    const live = await startLive({ challenge: 'never-ends' });
    expect(await live.askAll(toKeys(50))).toEqual(times(50, failed('forbidden', 'permission denied', REFUSED)));
    expect(live.fake.requests.length).toBeLessThanOrEqual(250);
  });

  test.each([
    ['then-403', failed('forbidden', 'permission denied', 'The tracker answered 403 Forbidden')],
    ['then-503', failed('unavailable', 'service unavailable', 'The tracker answered 503 Service Unavailable')],
  ] as const)('%s is passed, and fails as what follows', async (challenge, outcome) => {
    const live = await startLive({ challenge });
    expect(await live.ask(KEY)).toEqual(outcome);
    expect(secondHopsOf(live.fake)).toBe(1);
  });

  test('that is refused at its second hop fails for all that wait, and is tried anew by the next', async () => {
    let refusals = 0;
    const url = await startServer(({ url: path = '', headers }, response) => {
      if (path.includes('__r=')) response.writeHead((refusals += 1) === 1 ? 403 : 302, { Location: LOOKUP }).end();
      else if (headers.cookie === undefined || refusals < 2) response.writeHead(307, { Location: `${path}&__r=1.a` }).end();
      else response.end('{"message":"Unknown url"}');
    });
    const live = await openLive(url);
    const refused = failed('forbidden', 'permission denied', 'The tracker answered 403 Forbidden');
    expect(await live.ask('a.example')).toEqual(refused);
    expect(await live.ask('b.example')).toEqual(unlisted);
  });
});

describe('cookies of ordinary answers', () => {
  test('are sent back, the last of a name, without their attributes', async () => {
    const seen: (string | undefined)[] = [];
    const url = await startServer(({ headers }, response) => {
      seen.push(headers.cookie);
      const cookies = ['a=1; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly', `b=${seen.length}`, 'nonsense', '=x'];
      response.writeHead(200, { 'Set-Cookie': cookies }).end('{"message":"Unknown url"}');
    });
    const live = await openLive(url);
    for (const key of toKeys(3)) await live.ask(key);
    expect(seen).toEqual([undefined, 'a=1; b=1', 'a=1; b=2']);
  });

  test('are 20 at the most', async () => {
    const seen: (string | undefined)[] = [];
    const url = await startServer(({ headers }, response) => {
      seen.push(headers.cookie);
      response.writeHead(200, { 'Set-Cookie': Array.from({ length: 30 }, (_, at) => `c${at}=${at}`) });
      response.end('{"message":"Unknown url"}');
    });
    const live = await openLive(url);
    for (const key of toKeys(2)) await live.ask(key);
    expect(seen[1]?.split('; ')).toEqual(Array.from({ length: 20 }, (_, at) => `c${at}=${at}`));
  });
});

describe('the token', () => {
  test.each([
    ['/all.php?__r=1.0123456789abcdef0123456789abcdef', '1.0123456789abcdef0123456789abcdef'],
    ['/query.php?url=a&__r=1.a', '1.a'],
    ['/query.php?url=a', null],
    ['/?__r=', null],
    ['/?__r=a;b', null],
    ['/?__r=a%0D%0AX:b', null],
    [`/?__r=${'a'.repeat(129)}`, null],
    ['/?url=__r=1.a', null],
  ])('of %s is %j', (target, token) => {
    expect(findToken(new URL(target, 'http://tracker.example'))).toBe(token);
  });
});

test.each([
  ['a=1', 'a=1'],
  [' a= 1 ; Path=/', 'a=1'],
  ['a=b=c', 'a=b=c'],
  ['a=', 'a='],
  ['', ''],
  ['nonsense', ''],
  ['=x', ''],
  ['; a=1', ''],
  ['a b=1', ''],
])('of the cookie %j is sent back %j', (setCookie, cookie) => {
  const passer = createChallengePasser(() => Promise.resolve([]));
  passer.keep([setCookie]);
  expect(passer.current().cookie).toBe(cookie);
});

describe('the passer', () => {
  const challenge = { target: new URL('http://tracker.example/?__r=1.a'), token: '1.a', setCookies: ['s=1; Path=/'] };

  test('makes one visit for all who wait, with the cookies of both kinds', async () => {
    const visits: string[] = [];
    const passer = createChallengePasser((target, cookie) => {
      visits.push(`${target.href} ${cookie}`);
      return Promise.resolve(['t=2']);
    });
    const seen = passer.current();
    await Promise.all(times(5, null).map(() => passer.answer(challenge, seen, patient.signal)));
    expect(visits).toEqual(['http://tracker.example/?__r=1.a __r=1.a; s=1']);
    expect([seen, passer.current()]).toEqual([
      { cookie: '', generation: 0 },
      { cookie: '__r=1.a; s=1; t=2', generation: 1 },
    ]);
  });

  test('makes no visit for one who was challenged before the last pass', async () => {
    let visits = 0;
    const passer = createChallengePasser(() => Promise.resolve([`v=${(visits += 1)}`]));
    const seen = passer.current();
    await passer.answer(challenge, seen, patient.signal);
    await passer.answer(challenge, seen, patient.signal);
    expect(visits).toBe(1);
  });

  test('lets one go who gives up, and not the others', async () => {
    let finish: (setCookies: readonly string[]) => void = () => undefined;
    const passer = createChallengePasser(() => new Promise((resolve) => (finish = resolve)));
    const leaving = new AbortController();
    const seen = passer.current();
    const left = passer.answer(challenge, seen, leaving.signal);
    const stayed = passer.answer(challenge, seen, patient.signal);
    leaving.abort(new CctError('deadline', 'Too late'));
    await expect(left).rejects.toMatchObject({ code: 'deadline', message: 'Too late' });
    finish([]);
    await expect(stayed).resolves.toBeUndefined();
  });
});
