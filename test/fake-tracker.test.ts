import { Agent } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { FakeTracker, FakeTrackerOptions, ListEntry } from './helpers/fake-tracker.ts';
import { startFakeTracker } from './helpers/fake-tracker.ts';
import type { PlainReply } from './helpers/plain-http.ts';
import { ask, openAnswer } from './helpers/plain-http.ts';

const UNKNOWN = { success: false, message: 'Unknown url' };

async function start(options?: Partial<FakeTrackerOptions>): Promise<FakeTracker> {
  const tracker = await startFakeTracker(options);
  onTestFinished(() => tracker.close());
  return tracker;
}

function toTarget(key: string): string {
  return `/query.php?url=${encodeURIComponent(key)}`;
}

function parse({ body }: PlainReply): unknown {
  return JSON.parse(body);
}

describe('query.php', () => {
  test('a listed key gets its message, as JSON that says it is HTML', async () => {
    const tracker = await start({ listings: { 'panel.example/a': 'Malicious: Pony' } });
    const reply = await ask(tracker.url, toTarget('panel.example/a'));
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('text/html; charset=UTF-8');
    expect(reply.headers['transfer-encoding']).toBe('chunked');
    expect(parse(reply)).toEqual({ success: true, message: 'Malicious: Pony' });
  });

  test.each(['panel.example/b', 'constructor', ''])('the key %j is unknown', async (key) => {
    const tracker = await start({ listings: { 'panel.example/a': 'Malicious: Pony' } });
    expect(parse(await ask(tracker.url, toTarget(key)))).toEqual(UNKNOWN);
  });

  test.each([
    'evil.example/r?u=http://good.example/x',
    'evil.example/r?a=1&b=2',
    'evil.example/r#frag',
    'evil.example/a%20b%7E',
    'evil.example/a b',
    'evil.example/a+b',
    'exämple.example/ü/☃/😀',
    '192.0.2.1',
  ])('the key %j is recorded whole, decoded once', async (key) => {
    const tracker = await start();
    await ask(tracker.url, toTarget(key));
    expect(tracker.requests.map((request) => request.key)).toEqual([key]);
    expect(tracker.requests.map(({ method, path }) => [method, path])).toEqual([['GET', toTarget(key)]]);
  });

  test.each([
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
  ])('of %s the key is %j', async (target, key) => {
    const tracker = await start();
    await ask(tracker.url, target);
    expect(tracker.requests.map((request) => request.key)).toEqual([key]);
  });

  test('only its requests are lookups', async () => {
    const tracker = await start();
    for (const target of ['/', '/query.php', '/all.php', toTarget('a.example')]) await ask(tracker.url, target);
    expect(tracker.lookups().map(({ path }) => path)).toEqual(['/query.php', '/query.php?url=a.example']);
  });

  test('counts how many are open at one time', async () => {
    const tracker = await start({ latencyMs: 50 });
    await Promise.all(['/', ...['a', 'b', 'c'].map(toTarget)].map((target) => ask(tracker.url, target)));
    expect(tracker.maxInFlight).toBe(3);
  });

  test('counts one at a time as one, also over one connection', async () => {
    const tracker = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const key of ['a', 'b', 'c']) await ask(tracker.url, toTarget(key), { agent });
    agent.destroy();
    expect([tracker.maxInFlight, tracker.connections]).toEqual([1, 1]);
  });
});

describe('the lists', () => {
  const entries: readonly ListEntry[] = [
    { date: '02-03-2026', url: 'panel.example/a?b=1&c', ip: '192.0.2.1', family: 'ZeuS <Cit>' },
    { date: '01-03-2026', url: '198.51.100.7:8080/login', ip: '', family: 'Pony' },
    { date: '28-02-2026', url: 'third.example', ip: '203.0.113.5', family: '' },
  ];
  const cellsOf = ({ body }: PlainReply): string[] =>
    [...body.matchAll(/<tr><td>(.*)<\/td>\s*<td>(.*)<\/td>\s*<td><a [^>]*>(.*)<\/a><\/td>\s*<td>(.*)<\/td>/g)].map((row) =>
      row.slice(1).join('|'),
    );
  const offsetsOf = ({ body }: PlainReply): string[] =>
    [...body.matchAll(/<a href="index.php\?s=(\d+)&m=\d+&/g)].map((link) => link[1] ?? '');

  test('all.php has one entry a line and nothing else', async () => {
    const tracker = await start({ entries });
    const reply = await ask(tracker.url, '/all.php');
    expect(reply.body).toBe('panel.example/a?b=1&c\n198.51.100.7:8080/login\nthird.example\n');
    expect(reply.headers['content-type']).toBe('text/html; charset=UTF-8');
  });

  test('index.php has the recorded table; a host that is an address has a link without text', async () => {
    const tracker = await start({ entries });
    const reply = await ask(tracker.url, '/index.php');
    expect(reply.body).toContain("<table class='ExploitTable'");
    expect(reply.body.match(/-::[A-Z]+/g)).toEqual(['-::DATE', '-::URL', '-::IP', '-::TYPE']);
    expect(reply.body).toContain('/ip-address//information/" target="_blank"></a>');
    expect(cellsOf(reply)).toEqual([
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
  ])('index.php?%s gives its rows and links to its pages', async (query, dates, offsets) => {
    const tracker = await start({ entries });
    const reply = await ask(tracker.url, `/index.php?${query}`);
    expect(cellsOf(reply).map((row) => row.slice(0, 10))).toEqual(dates);
    expect(offsetsOf(reply)).toEqual(offsets);
    expect(reply.body).toContain('-::DATE');
  });

  test('index.php has pages of 40', async () => {
    const many = Array.from({ length: 41 }, (_, at) => ({ date: '01-01-2020', url: `h${at}.example`, ip: '', family: 'x' }));
    const tracker = await start({ entries: many });
    const pages = [await ask(tracker.url, '/index.php'), await ask(tracker.url, '/index.php?s=40')];
    expect(pages.map((page) => cellsOf(page).length)).toEqual([40, 1]);
  });

  test('any other page is 404', async () => {
    const tracker = await start();
    expect((await ask(tracker.url, '//query.php?url=a')).status).toBe(404);
  });
});

test('set changes what is answered from then on', async () => {
  const tracker = await start();
  expect(parse(await ask(tracker.url, toTarget('a')))).toEqual(UNKNOWN);
  tracker.set({ listings: { a: 'Malicious: ' } });
  expect(parse(await ask(tracker.url, toTarget('a')))).toEqual({ success: true, message: 'Malicious: ' });
});

test('close ends what is waiting, and may be called twice', async () => {
  const tracker = await start({ latencyMs: 600_000 });
  const waiting = expect(openAnswer(tracker.url, toTarget('a'))).rejects.toMatchObject({ code: 'ECONNRESET' });
  await expect.poll(() => tracker.requests.length).toBe(1);
  await tracker.close();
  await tracker.close();
  await waiting;
  await expect(openAnswer(tracker.url, '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
