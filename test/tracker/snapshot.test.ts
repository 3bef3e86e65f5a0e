import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { CctError } from '../../src/core/errors.ts';
import type { Question } from '../../src/core/observable.ts';
import { triage } from '../../src/core/observable.ts';
import { parseTsvList } from '../../src/tracker/list-tsv.ts';
import { sampleSnapshotText } from '../../src/tracker/sample-snapshot.ts';
import type { SnapshotEntry } from '../../src/tracker/snapshot-file.ts';
import { parseSnapshot } from '../../src/tracker/snapshot-file.ts';
import { createSnapshotTracker } from '../../src/tracker/snapshot.ts';

const answeredAt = new Date('2026-11-24T12:00:00.000Z');
const patient = { signal: new AbortController().signal };

const trackerOf = (entries: readonly SnapshotEntry[]) =>
  createSnapshotTracker({ date: '2018-01-31', origin: 'a test', entries }, { now: () => answeredAt });

const entry = (parts: Partial<SnapshotEntry>): SnapshotEntry => ({
  date: '2018-01-14',
  covers: 'url',
  url: '',
  ip: '',
  family: 'Pony',
  ...parts,
});

function questionOf(type: string, value: string): Question {
  const { question } = triage({ type, value }, { asksDomains: true });
  if (!question) throw new Error(`nothing to ask about ${value}`);
  return question;
}

const askAll = async (entries: readonly SnapshotEntry[], type: string, value: string) =>
  trackerOf(entries).lookup(questionOf(type, value), patient);

/** The answer, without how it came about. */
async function ask(entries: readonly SnapshotEntry[], type: string, value: string) {
  const answer = await askAll(entries, type, value);
  return { ...answer, matched: undefined };
}

/** How a hit came about. */
async function matchOf(entries: readonly SnapshotEntry[], type: string, value: string) {
  const answer = await askAll(entries, type, value);
  return answer.status === 'listed' ? answer.matched : answer.status;
}

/** Which of the URLs are listed. */
async function listedOf(entries: readonly SnapshotEntry[], urls: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(urls.map((url) => ask(entries, 'url', url)));
  return urls.filter((_url, at) => answers[at]?.status === 'listed');
}

describe('the agreed cases', () => {
  const rowSchema = z.strictObject({ date: z.string(), url: z.string(), ip: z.string(), family: z.string() });
  const hostSchema = z.strictObject({ date: z.string(), host: z.string(), family: z.string() });
  const caseSchema = z.strictObject({
    observable: z.strictObject({ type: z.string(), value: z.string() }),
    listed: z.boolean(),
    why: z.string(),
  });
  const vectors = z.parse(
    z.strictObject({ entries: z.array(z.union([rowSchema, hostSchema])), cases: z.array(caseSchema) }),
    JSON.parse(readFileSync(new URL('../vectors/snapshot-match.json', import.meta.url), 'utf8')),
  );
  const entries = vectors.entries.flatMap((given) => {
    if ('host' in given) return [entry({ ...given, covers: 'host', url: given.host })];
    const cells = [given.date, given.url, given.ip.replaceAll('\t', '\\t'), given.family];
    return parseTsvList(`date\turl\tip\tfamily\n${cells.join('\t')}\n`).entries;
  });

  test('are all there', () => {
    expect([entries.length, vectors.cases.length]).toEqual([8, 29]);
  });

  test('are listed or unlisted as agreed', async () => {
    const answers = vectors.cases.map(async ({ observable, why }) => {
      const { status } = await ask(entries, observable.type, observable.value);
      return { observable, listed: status === 'listed', why };
    });
    expect(await Promise.all(answers)).toEqual(vectors.cases);
  });
});

describe('a URL with a path', () => {
  test('matches the same host, port, path and query, whatever its scheme, user, fragment or last slash', async () => {
    const same = [
      'a.example/P?q=1',
      'https://A.Example/P?q=1',
      'http://user:pw@a.example./P?q=1/#top',
      'http://a.example:/P?q=1',
    ];
    const other = [
      'a.example/p?q=1',
      'a.example/P?q=2',
      'a.example/P',
      'a.example/P//?q=1',
      'a.example:80/P?q=1',
      'b.a.example/P?q=1',
    ];
    expect(await listedOf([entry({ url: 'a.example/P?q=1' })], [...same, ...other])).toEqual(same);
  });

  test('matches an entry that has the last slash, padding or upper case in its host', async () => {
    const urls = ['http://a.example/P', 'http://a.example/P/'];
    expect(await listedOf([entry({ url: ' A.EXAMPLE/P/ ' })], urls)).toEqual(urls);
  });

  test('loses one slash only', async () => {
    expect(await listedOf([entry({ url: 'a.example/P//' })], ['a.example/P', 'a.example/P//', 'a.example//P//'])).toEqual([
      'a.example/P//',
    ]);
  });

  test('may leave out the slash before its query', async () => {
    const urls = ['a.example?q=1', 'a.example/?q=1'];
    expect(await listedOf([entry({ url: 'a.example/?q=1' })], urls)).toEqual(urls);
    expect(await listedOf([entry({ url: 'a.example?q=1' })], urls)).toEqual(urls);
  });

  test('is not matched by another entry on its host', async () => {
    expect(await listedOf([entry({ url: 'a.example' }), entry({ url: 'a.example/x' })], ['a.example/y'])).toEqual([]);
  });
});

describe('a URL without a path', () => {
  test('matches any entry on the host, on any port', async () => {
    const entries = [entry({ url: 'a.example:8080/x.php' }), entry({ url: 'bücher.example' })];
    const urls = ['a.example', 'http://a.example/', 'http://a.example/#x', 'XN--BCHER-KVA.example'];
    expect(await listedOf(entries, [...urls, 'example', 'x.a.example'])).toEqual(urls);
  });

  test('with a port matches entries with that port', async () => {
    const entries = [entry({ url: 'a.example:8080/x.php' }), entry({ url: 'b.example/x.php' })];
    expect(await listedOf(entries, ['a.example:8080', 'a.example:80', 'b.example:80'])).toEqual(['a.example:8080']);
  });

  test('matches an address in another spelling, but no resolved address', async () => {
    const entries = [entry({ url: '192.0.2.50/x.php', ip: '198.51.100.60' })];
    expect(await listedOf(entries, ['192.0.2.50', '3221226034', '198.51.100.60'])).toEqual(['192.0.2.50', '3221226034']);
  });
});

describe('an entry of a host list', () => {
  test('matches any URL on its host, on any port', async () => {
    const entries = [entry({ covers: 'host', url: 'a.example' })];
    const urls = ['a.example', 'a.example/x?y', 'a.example:8080/x', 'a.example:8080'];
    expect(await listedOf(entries, [...urls, 'b.a.example/x', 'example'])).toEqual(urls);
  });

  test('that names a port matches any URL on that port', async () => {
    const entries = [entry({ covers: 'host', url: 'a.example:8080' })];
    const urls = ['a.example', 'a.example:8080', 'a.example:8080/x'];
    expect(await listedOf(entries, [...urls, 'a.example/x', 'a.example:80/x'])).toEqual(urls);
  });

  test('is told together with the entry of the URL: the newest names the family, the oldest the first day', async () => {
    const host = entry({ covers: 'host', url: 'a.example', family: 'Keitaro', date: '2016-05-05' });
    const url = entry({ url: 'a.example/x', family: 'Pony', date: '2017-05-05' });
    const both = {
      status: 'listed',
      message: 'Malicious: Pony',
      family: 'Pony',
      firstListed: '2016-05-05',
      source: 'snapshot',
      answeredAt,
    };
    expect(await ask([host, url], 'url', 'a.example/x')).toEqual(both);
    expect(await ask([{ ...host, date: '' }, url], 'url', 'a.example/x')).toEqual({ ...both, firstListed: '2017-05-05' });
    expect(await ask([{ ...host, date: '2018-05-05' }, url], 'url', 'a.example/x')).toEqual({
      ...both,
      message: 'Malicious: Keitaro',
      family: 'Keitaro',
      firstListed: '2017-05-05',
    });
  });
});

describe('an address', () => {
  const shared = [
    entry({ url: 'a.example/x', ip: '198.51.100.60', family: 'Pony', date: '2017-11-01' }),
    entry({ url: 'b.example/x', ip: '198.51.100.60', family: 'ZeuS', date: '2017-12-10' }),
    entry({ url: '198.51.100.60/x', ip: '198.51.100.60', family: 'Citadel', date: '' }),
  ];

  test('matches entries by host or resolved address, each counted once, and says how many and how new', async () => {
    expect(await ask(shared, 'ip', '198.51.100.60')).toEqual({
      status: 'listed',
      message: 'Malicious: ZeuS (3 entries share this address, newest 2017-12-10)',
      family: 'ZeuS',
      firstListed: '2017-11-01',
      source: 'snapshot',
      answeredAt,
    });
  });

  test('with one entry says so', async () => {
    expect(await ask(shared.slice(0, 1), 'ip', '198.51.100.60')).toMatchObject({
      message: 'Malicious: Pony (1 entry has this address, newest 2017-11-01)',
    });
  });

  test('with undated entries names no date', async () => {
    const undated = shared.map((one) => ({ ...one, date: '' }));
    expect(await ask(undated, 'ip', '198.51.100.60')).toEqual({
      status: 'listed',
      message: 'Malicious: Pony (3 entries share this address)',
      family: 'Pony',
      source: 'snapshot',
      answeredAt,
    });
  });

  test('that is private is never matched, but the URL on it is', async () => {
    const entries = [entry({ url: '10.0.0.5/x.php', ip: '127.42.0.2' })];
    const answers = await Promise.all([
      ask(entries, 'ip', '10.0.0.5'),
      ask(entries, 'ip', '127.42.0.2'),
      ask(entries, 'url', '10.0.0.5/x.php'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['unlisted', 'unlisted', 'listed']);
  });

  test('that is none is unlisted, even when an entry holds the same text', async () => {
    const texts = ['FastFlux', 'flux.example', '203.0.113.007'];
    const tracker = trackerOf(texts.map((ip) => entry({ url: 'a.example/x', ip })));
    const answers = await Promise.all(texts.map(async (key) => tracker.lookup({ type: 'ip', key }, patient)));
    const unlisted = { status: 'unlisted', source: 'snapshot', answeredAt };
    expect(answers).toEqual([unlisted, unlisted, unlisted]);
  });

  test('is found when the entry has padding around it', async () => {
    expect(await ask([entry({ ip: ' 203.0.113.7\t' })], 'ip', '203.0.113.7')).toMatchObject({ status: 'listed' });
  });
});

describe('a hit', () => {
  test('names the family of the newest entry, the first in the list among those of one day', async () => {
    const entries = [
      entry({ url: 'a.example/1', family: 'undated', date: '' }),
      entry({ url: 'a.example/2', family: 'older', date: '2016-01-01' }),
      entry({ url: 'a.example/3', family: 'newest', date: '2017-01-01' }),
      entry({ url: 'a.example/4', family: 'later in the list', date: '2017-01-01' }),
    ];
    expect(await ask(entries, 'url', 'a.example')).toEqual({
      status: 'listed',
      message: 'Malicious: newest',
      family: 'newest',
      firstListed: '2016-01-01',
      source: 'snapshot',
      answeredAt,
    });
  });

  test('without a family is Malicious and no more', async () => {
    expect(await ask([entry({ url: 'a.example/x', family: ' ', date: '' })], 'url', 'a.example/x')).toEqual({
      status: 'listed',
      message: 'Malicious',
      family: '',
      source: 'snapshot',
      answeredAt,
    });
  });

  test('shows no character that a terminal would obey', async () => {
    expect(await ask([entry({ url: 'a.example/x', family: '\u001b[31mPo\u009bny\n' })], 'url', 'a.example/x')).toMatchObject({
      message: 'Malicious: \uFFFD[31mPo\uFFFDny',
      family: '\uFFFD[31mPo\uFFFDny',
    });
  });

  test('is the same when asked again', async () => {
    const tracker = trackerOf([entry({ url: 'a.example/x', ip: '198.51.100.60' })]);
    const question = { type: 'ip', key: '198.51.100.60' } as const;
    const first = await tracker.lookup(question, patient);
    expect(first.status).toBe('listed');
    expect(await tracker.lookup(question, patient)).toEqual(first);
  });
});

describe('how a hit came about', () => {
  const entries = [
    entry({ url: 'a.example/p.php?x=1 ', ip: '198.51.100.60', date: '2017-05-05' }),
    entry({ url: 'a.example:8080/', date: '2016-01-01' }),
    entry({ url: '', ip: ' 198.51.100.61', date: '' }),
    entry({ covers: 'host', url: 'b.example', date: '2022-01-31' }),
    entry({ url: 'b.example/x', date: '2015-05-05' }),
  ];

  test.each([
    ['url', 'http://A.example/p.php?x=1/', { by: 'url', entry: 'a.example/p.php?x=1', date: '2017-05-05' }],
    ['url', 'a.example', { by: 'host', entry: 'a.example/p.php?x=1', date: '2017-05-05' }],
    ['url', 'a.example:8080', { by: 'host', entry: 'a.example:8080/', date: '2016-01-01' }],
    ['domain', 'A.example', { by: 'host', entry: 'a.example/p.php?x=1', date: '2017-05-05' }],
    ['ip', '198.51.100.60', { by: 'address', entry: 'a.example/p.php?x=1', date: '2017-05-05' }],
    ['ip', '198.51.100.61', { by: 'address', entry: '198.51.100.61' }],
    ['url', 'b.example/y', { by: 'host', entry: 'b.example', date: '2022-01-31' }],
    ['url', 'b.example/x', { by: 'url', entry: 'b.example/x', date: '2015-05-05' }],
    ['url', 'c.example', 'unlisted'],
  ])('of the %s %s is told with its entry and its date', async (type, value, expected) => {
    expect(await matchOf(entries, type, value)).toEqual(expected);
  });
});

describe('a domain', () => {
  const entries = [
    entry({ url: 'A.example:8080/x' }),
    entry({ covers: 'host', url: 'b.example' }),
    entry({ url: 'c.example' }),
    entry({ url: 'xn--bcher-kva.example/x' }),
  ];

  test.each(['a.example', 'a.EXAMPLE.', 'b.example', 'c.example', 'b\u00fccher.example'])(
    '%s matches entries on that host, on any port',
    async (domain) => {
      expect(await ask(entries, 'domain', domain)).toMatchObject({ status: 'listed' });
    },
  );

  test.each(['example', 'x.a.example', 'x.b.example', 'd.example'])('%s matches no other host', async (domain) => {
    expect(await ask(entries, 'domain', domain)).toMatchObject({ status: 'unlisted' });
  });
});

describe('the tracker', () => {
  const tracker = createSnapshotTracker(parseSnapshot(sampleSnapshotText), { now: () => answeredAt });

  test('answers from the sample', async () => {
    const questions = [
      questionOf('url', 'http://panel.example/d12/cp.php?m=login'),
      questionOf('ip', '198.51.100.60'),
      questionOf('ip', '192.0.2.1'),
      questionOf('url', 'https://unlisted.example/'),
    ];
    const answers = await Promise.all(questions.map(async (question) => tracker.lookup(question, patient)));
    expect(answers.map((answer) => (answer.status === 'listed' ? answer.message : answer.status))).toEqual([
      'Malicious: Pony',
      'Malicious: Pony (2 entries share this address, newest 2018-01-14)',
      'unlisted',
      'unlisted',
    ]);
  });

  test('takes the same key of another type for another question', () => {
    const identities = (['ip', 'url'] as const).map((type) => tracker.identify({ type, key: '192.0.2.50' }));
    expect(identities).toEqual(['ip 192.0.2.50', 'url 192.0.2.50']);
  });

  test('is always there, and may be closed', async () => {
    await expect(tracker.ping(patient)).resolves.toBeUndefined();
    await tracker.close();
    expect(await tracker.lookup({ type: 'url', key: 'panel.example' }, patient)).toMatchObject({ status: 'listed' });
  });

  test('gives up with the reason of the caller who does not wait', async () => {
    const reason = new CctError('deadline', 'the deadline is reached');
    const impatient = { signal: AbortSignal.abort(reason) };
    await expect(tracker.lookup({ type: 'ip', key: '198.51.100.60' }, impatient)).rejects.toBe(reason);
    await expect(tracker.ping(impatient)).rejects.toBe(reason);
  });
});
