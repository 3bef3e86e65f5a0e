import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import {
  createTestClock,
  failed,
  listed,
  openLive,
  patient,
  readReplies,
  startLive,
  startServer,
  unlisted,
} from '../../helpers/live-tracker.ts';

describe('the agreed replies', () => {
  const replies = readReplies();
  const keys = replies.map((_, at) => `r${at}.example`);

  /** A tracker that answers the question of each reply with that reply. */
  const startAnswering = () =>
    startServer(({ url = '' }, response) => {
      const key = new URL(url, 'http://tracker.example').searchParams.get('url') ?? '';
      const { status, contentType, body } = replies[keys.indexOf(key)] ?? { status: 200, contentType: 'text/html', body: '' };
      response.writeHead(status, { 'Content-Type': contentType });
      response.end(body);
    });

  test('are all there', () => {
    expect(replies).toHaveLength(47);
  });

  test('mean through the client what was agreed, whatever their status and type', async () => {
    const live = await openLive(await startAnswering());
    // One after another, and with hits between the failures, so that no row of them looks like a tracker that is down.
    const told = [];
    for (const key of keys) {
      const outcome = await live.ask(key);
      told.push({
        want: outcome.status,
        family: outcome.status === 'listed' ? outcome.family : null,
        code: outcome.status === 'failed' ? outcome.relayCode : null,
      });
      await live.ask('r0.example');
    }
    expect(told).toEqual(replies.map(({ want, family, code }) => ({ want, family, code })));
  });
});

describe('an answer', () => {
  const listings = { 'a.example/x': 'Malicious: ZeuS (Cit design)', 'b.example': 'Malicious' };

  test('that is positive has the message, the family, its source and its moment', async () => {
    const { tracker } = await startLive({ listings }, { clock: createTestClock(Date.parse('2026-01-02T03:04:05.678Z')) });
    expect(await tracker.lookup({ type: 'url', key: 'a.example/x' }, patient)).toEqual({
      connection: expect.objectContaining({ isTrusted: true }) as unknown,
      status: 'listed',
      message: 'Malicious: ZeuS (Cit design)',
      family: 'ZeuS (Cit design)',
      source: 'live',
      answeredAt: new Date('2026-01-02T03:04:05.678Z'),
    });
  });

  test('that is negative has its source and its moment', async () => {
    const { tracker } = await startLive({}, { clock: createTestClock(5) });
    expect(await tracker.lookup({ type: 'ip', key: '192.0.2.1' }, patient)).toEqual({
      connection: expect.objectContaining({ isTrusted: true }) as unknown,
      status: 'unlisted',
      source: 'live',
      answeredAt: new Date(5),
    });
  });

  test('goes to the one who asked, when many ask at once', async () => {
    const live = await startLive({ listings });
    expect(await live.askAll(['b.example', 'c.example', 'a.example/x', 'b.example/x'])).toEqual([
      listed(''),
      unlisted,
      listed('ZeuS (Cit design)'),
      unlisted,
    ]);
  });

  test('is negative by the text that was set, and then by no other', async () => {
    const live = await startLive({ listings: { 'a.example': 'Nothing here' } }, { unlistedMessage: 'Nothing here' });
    const message = 'The tracker\'s answer has an unexpected "message"';
    expect(await live.askAll(['a.example', 'b.example'])).toEqual([unlisted, failed('unintelligible', 'key error', message)]);
  });

  test('that is not understood is shown, cleaned, in the error', async () => {
    const live = await startLive({ faultEverywhere: { kind: 'body', body: '<b>\u001b[2J\nquota</b>' } });
    expect((await live.failureOf('a.example')).rawExtract).toBe('<b>\uFFFD[2J quota</b>');
  });
});

describe('a hostile family', () => {
  test('arrives cleaned and short', async () => {
    const live = await startLive({
      listings: {
        'a.example': 'Malicious: \u001b[31mred\u202E',
        'b.example': `Malicious: ${'A'.repeat(10_000)}`,
        'c.example': 'Malicious: =cmd()',
      },
    });
    expect(await live.askAll(['a.example', 'b.example', 'c.example'])).toEqual([
      listed('\uFFFD[31mred\uFFFD'),
      listed('A'.repeat(1024)),
      listed('=cmd()'),
    ]);
  });
});

describe('a request', () => {
  test('is a GET that says who asks and what it takes', async () => {
    const live = await startLive({}, { userAgent: 'cct/1.2.3' });
    await live.ask('a.example');
    expect(live.fake.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /query.php?url=a.example']);
    expect(live.fake.requests[0]?.headers).toMatchObject({
      'user-agent': 'cct/1.2.3',
      accept: 'application/json, */*;q=0.5',
      connection: 'keep-alive',
    });
    expect(live.fake.requests[0]?.headers).not.toHaveProperty('cookie');
  });

  test('goes below the base URL', async () => {
    const live = await startLive();
    const below = await openLive(`${live.fake.url}base/`);
    expect(await below.ask('a.example')).toEqual(failed('not-found', 'not found', 'The tracker answered 404 Not Found'));
    expect(live.fake.requests.map(({ path }) => path)).toEqual(['/base/query.php?url=a.example']);
  });

  test.each([
    'evil.example/r?u=http://good.example/x',
    'evil.example/r?a=1&b=2',
    'evil.example/r?url=good.example&url=x',
    'evil.example/r#frag',
    'bücher.example/ä?☃=\u{1F600}',
    'evil.example/a b',
    'evil.example/a%20b%7E%41',
    'evil.example/a+b',
    "evil.example/'a'(b)!*~",
    'evil.example/"<a>\\^`{|}',
    'evil.example/100%',
    'evil.example/a\uFEFFb',
    '[2001:db8::1]:8080/x',
    '../admin?',
    'evil.example/a%2F..%2Fb/../c/./d',
    `evil.example/${'a'.repeat(4000)}`,
  ])('carries the key %j whole, encoded once', async (key) => {
    const live = await startLive({ listings: { [key]: 'Malicious: Pony' } });
    expect(await live.ask(key)).toEqual(listed('Pony'));
    expect(live.fake.requests.map((request) => request.key)).toEqual([key]);
  });

  test('is the same for two questions that have one key', async () => {
    const { tracker } = await startLive();
    const keys = [tracker.identify({ type: 'ip', key: '192.0.2.1' }), tracker.identify({ type: 'url', key: '192.0.2.1' })];
    expect(keys).toEqual(['192.0.2.1', '192.0.2.1']);
  });
});

describe('what is told on the way', () => {
  test('names connection and status, and never the question', async () => {
    const live = await startLive();
    await live.ask('secret.example');
    expect(live.events.map(({ kind, text, tookMs }) => [kind, text, typeof tookMs])).toEqual([
      ['connection', 'connect: 127.0.0.1', 'number'],
      ['reply', '200 /query.php', 'number'],
    ]);
  });

  test('tells a challenge', async () => {
    const live = await startLive({ challenge: 'on' });
    await live.ask('a.example');
    expect(live.events.filter(({ kind }) => kind !== 'connection').map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      'reply: 307 /query.php',
      'challenge: the tracker requires a cookie',
      'reply: 302 /query.php',
      'reply: 200 /query.php',
    ]);
  });
});

test('a client that is closed rejects what is on its way', async () => {
  const live = await startLive({ faultEverywhere: 'stalled-headers' });
  const failure = live.failureOf('a.example');
  await expect.poll(() => live.fake.requests.length).toBe(1);
  await live.tracker.close();
  expect(await failure).toBeInstanceOf(CctError);
});
