import { describe, expect, onTestFinished, test } from 'vitest';
import type { FakeTracker, FakeTrackerOptions, ListEntry } from './helpers/fake-tracker.ts';
import { startFakeTracker } from './helpers/fake-tracker.ts';
import type { PlainReply } from './helpers/plain-http.ts';
import { ask } from './helpers/plain-http.ts';

/* The contract of the fake tracker: what was recorded from the real site. */

const UNKNOWN = '{"success":false,"message":"Unknown url"}';
const toTarget = (key: string) => `/query.php?url=${encodeURIComponent(key)}`;

async function start(options?: Partial<FakeTrackerOptions>): Promise<FakeTracker> {
  const tracker = await startFakeTracker(options);
  onTestFinished(() => tracker.close());
  return tracker;
}

describe('query.php', () => {
  test('answers with JSON that says it is HTML', async () => {
    const tracker = await start({ listings: { 'panel.example/a': 'Malicious: Pony' } });
    const { status, headers, body } = await ask(tracker.url, toTarget('panel.example/a'));
    const sent = [status, headers['content-type'], headers['transfer-encoding'], body];
    expect(sent).toEqual([200, 'text/html; charset=UTF-8', 'chunked', '{"success":true,"message":"Malicious: Pony"}']);
    for (const key of ['panel.example/b', 'constructor', '']) expect((await ask(tracker.url, toTarget(key))).body).toBe(UNKNOWN);
  });

  test.each<[target: string, key: string | null]>([
    ...['evil.example/r?u=http://good.example/x', 'evil.example/r?a=1&b=2', 'evil.example/r#frag', 'evil.example/a%20b%7E']
      .concat('evil.example/a b', 'evil.example/a+b', 'exämple.example/ü/☃/😀', '192.0.2.1')
      .map((key): [string, string] => [toTarget(key), key]),
    ['/query.php?url=evil.example/r?u=http://good.example/x', 'evil.example/r?u=http://good.example/x'],
    ['/query.php?url=evil.example/r?a=1&b=2', 'evil.example/r?a=1'],
    ['/query.php?x=1&url=evil.example', 'evil.example'],
    ['/query.php?url=a+b', 'a+b'],
    ['/query.php?url=100%', '100%'],
    ['/query.php?url=%2541', '%41'],
    ['/query.php?url=', ''],
    ['/query.php?xurl=a', null],
    ['/query.php', null],
    ['/?url=a', null],
  ])('reads from %s the key %j', async (target, key) => {
    const tracker = await start();
    await ask(tracker.url, target);
    expect(tracker.requests.map((request) => [request.method, request.path, request.key])).toEqual([['GET', target, key]]);
    expect(tracker.lookups()).toHaveLength(target.startsWith('/query.php') ? 1 : 0);
  });

  test('counts the lookups that are open at one time', async () => {
    const tracker = await start({ latencyMs: 50 });
    await Promise.all(['/', ...['a', 'b', 'c'].map(toTarget)].map((target) => ask(tracker.url, target)));
    expect(tracker.maxInFlight).toBe(3);
  });
});

describe('the challenge', () => {
  const cookieOf = ({ headers }: PlainReply) => headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const nextOf = ({ headers }: PlainReply, { url }: FakeTracker) => headers.location?.replace(url, '/') ?? '';

  test.each(['/', '/all.php', toTarget('evil.example/r?a=1&b=2')])('in front of %s takes three hops', async (target) => {
    const tracker = await start({ challenge: 'on' });
    const first = await ask(tracker.url, target);
    const headers = { cookie: cookieOf(first) };
    expect(nextOf(first, tracker)).toBe(`${target}${target.includes('?') ? '&' : '?'}${headers.cookie}`);
    const second = await ask(tracker.url, nextOf(first, tracker), { headers });
    expect(nextOf(second, tracker)).toBe(target);
    const third = await ask(tracker.url, target, { headers });
    expect([first.status, second.status, third.status, tracker.challengesIssued]).toEqual([307, 302, 200, 1]);
  });

  test('is repeated without its cookie, and after the token has changed', async () => {
    const tracker = await start({ challenge: 'on' });
    const first = await ask(tracker.url, '/');
    const cookie = cookieOf(first);
    const other = await ask(tracker.url, nextOf(first, tracker), { headers: { cookie: '__r=1.0' } });
    tracker.rotateToken();
    const old = await ask(tracker.url, '/', { headers: { cookie } });
    expect([other.status, old.status, cookieOf(other) === cookie, cookieOf(old) === cookie]).toEqual([307, 307, true, false]);
  });
});

describe('the lists', () => {
  const entries: readonly ListEntry[] = [
    { date: '02-03-2026', url: 'panel.example/a?b=1&c', ip: '192.0.2.1', family: 'ZeuS <Cit>' },
    { date: '01-03-2026', url: '198.51.100.7:8080/login', ip: '', family: 'Pony' },
    { date: '28-02-2026', url: 'third.example', ip: '203.0.113.5', family: '' },
  ];
  const ROW = /<tr><td>(.*)<\/td>\s*<td>(.*)<\/td>\s*<td><a [^>]*>(.*)<\/a><\/td>\s*<td>(.*)<\/td>/g;
  const rowsOf = ({ body }: PlainReply) => [...body.matchAll(ROW)].map((row) => row.slice(1).join('|'));

  test('all.php has one entry a line and nothing else', async () => {
    const tracker = await start({ entries });
    const { body, headers } = await ask(tracker.url, '/all.php');
    expect(body).toBe('panel.example/a?b=1&c\n198.51.100.7:8080/login\nthird.example\n');
    expect(headers['content-type']).toBe('text/html; charset=UTF-8');
  });

  test('index.php has the recorded table; a host that is an address has a link without text', async () => {
    const reply = await ask((await start({ entries })).url, '/index.php');
    expect(reply.body).toContain("<table class='ExploitTable'");
    expect(reply.body.match(/-::[A-Z]+/g)).toEqual(['-::DATE', '-::URL', '-::IP', '-::TYPE']);
    expect(reply.body).toContain('/ip-address//information/" target="_blank"></a>');
    expect(rowsOf(reply)).toEqual([
      '02-03-2026|panel.example/a?b=1&amp;c|192.0.2.1|ZeuS &lt;Cit&gt;',
      '01-03-2026|198.51.100.7:8080/login||Pony',
      '28-02-2026|third.example|203.0.113.5|',
    ]);
  });

  test.each([
    ['s=1&m=1', ['01-03-2026'], ['0', '1', '2']],
    ['s=2&m=2', ['28-02-2026'], ['0', '2']],
    ['search=pony', ['01-03-2026'], ['0']],
    ['search=203.0.113', ['28-02-2026'], ['0']],
    ['search=PANEL', ['02-03-2026'], ['0']],
    ['search=none', [], []],
  ])('index.php?%s has its rows and links to its pages', async (query, dates, offsets) => {
    const reply = await ask((await start({ entries })).url, `/index.php?${query}`);
    expect(rowsOf(reply).map((row) => row.slice(0, 10))).toEqual(dates);
    expect([...reply.body.matchAll(/<a href="index.php\?s=(\d+)&m=\d+&/g)].map(([, offset]) => offset)).toEqual(offsets);
    expect(reply.body).toContain('-::DATE');
  });

  test('index.php has pages of 40, and any other page is 404', async () => {
    const many = Array.from({ length: 41 }, (_, at) => ({ date: '01-01-2020', url: `h${at}.example`, ip: '', family: 'x' }));
    const tracker = await start({ entries: many });
    const pages = [await ask(tracker.url, '/index.php'), await ask(tracker.url, '/index.php?s=40')];
    expect(pages.map((page) => rowsOf(page).length)).toEqual([40, 1]);
    expect((await ask(tracker.url, '//query.php?url=a')).status).toBe(404);
  });
});
