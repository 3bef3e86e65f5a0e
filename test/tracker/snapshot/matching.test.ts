import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { patient } from '../../core/samples.ts';
import * as z from 'zod/mini';
import { CctError } from '../../../src/core/errors.ts';
import { parseTsvList } from '../../../src/tracker/lists/list-tsv.ts';
import { sampleSnapshotText } from '../../../src/tracker/snapshot/sample-snapshot.ts';
import type { SnapshotEntry } from '../../../src/tracker/snapshot/snapshot-file.ts';
import { parseSnapshot } from '../../../src/tracker/snapshot/snapshot-file.ts';
import { createSnapshotTracker } from '../../../src/tracker/snapshot/matching.ts';
import { answeredAt, ask, entry, questionOf, lookUp } from './ask-snapshot.ts';

/** The evidence of a hit, else the status. */
async function matchOf(entries: readonly SnapshotEntry[], type: string, value: string) {
  const answer = await lookUp(entries, type, value);
  return answer.status === 'listed' ? answer.matched : answer.status;
}

describe('the agreed cases', () => {
  const rowSchema = z.strictObject({ date: z.string(), url: z.string(), ip: z.string(), family: z.string() });
  const hostSchema = z.strictObject({ date: z.string(), host: z.string(), family: z.string() });
  const caseSchema = z.strictObject({
    observable: z.strictObject({ type: z.string(), value: z.string() }),
    listed: z.boolean(),
    related: z.optional(z.nullable(z.enum(['host', 'address']))),
    why: z.string(),
  });
  const vectors = z.parse(
    z.strictObject({ entries: z.array(z.union([rowSchema, hostSchema])), cases: z.array(caseSchema) }),
    JSON.parse(readFileSync(new URL('../../vectors/snapshot-match.json', import.meta.url), 'utf8')),
  );
  const entries = vectors.entries.flatMap((given) => {
    if ('host' in given) return [entry({ ...given, covers: 'host', url: given.host })];
    const cells = [given.date, given.url, given.ip.replaceAll('\t', '\\t'), given.family];
    return parseTsvList(`date\turl\tip\tfamily\n${cells.join('\t')}\n`).entries;
  });

  test('are all there', () => {
    expect([entries.length, vectors.cases.length]).toEqual([8, 44]);
  });

  test('are listed or unlisted as agreed', async () => {
    const answers = vectors.cases.map(async ({ observable, related, why }) => {
      const answer = await lookUp(entries, observable.type, observable.value);
      const found = answer.status === 'unlisted' ? (answer.related?.by ?? null) : null;
      return { observable, listed: answer.status === 'listed', ...(related === undefined ? {} : { related: found }), why };
    });
    expect(await Promise.all(answers)).toEqual(vectors.cases);
  });
});

test.each([
  ['a.example/x', 'a.example/x/', 'listed'],
  ['a.example/x/?id=1', 'a.example/x?id=1', 'listed'],
  ['a.example/?id=1', 'a.example?id=1', 'listed'],
  ['a.example/x?id=1', 'a.example/x?id=1/', 'unlisted'],
  ['a.example/x?u=b/', 'a.example/x?u=b', 'unlisted'],
])('a slash ends the path or counts as part of the query: %s and %s', async (listedUrl, asked, status) => {
  const answer = await ask([entry({ url: listedUrl })], 'url', `http://${asked}`);
  expect(answer.status).toBe(status);
});

test.each([
  ['a.example/new nd/x', 'a.example/new%20nd/x', 'listed'],
  ['a.example/new nd/x', 'a.example/new nd/x', 'listed'],
  ['a.example/面板/登录', 'a.example/%E9%9D%A2%E6%9D%BF/%E7%99%BB%E5%BD%95', 'listed'],
  ['a.example/x[1]?q=a b', 'a.example/x%5B1%5D?q=a%20b', 'listed'],
  ['a.example/\uD800', 'a.example/%EF%BF%BD', 'listed'],
  ['a.example/x*', 'a.example/x%2A', 'unlisted'],
  ['a.example/new%20nd', 'a.example/new nd', 'unlisted'],
])('an entry also matches as clients send it: %s by %s', async (listedUrl, asked, status) => {
  expect((await ask([entry({ url: listedUrl })], 'url', `http://${asked}`)).status).toBe(status);
});

describe('a hit', () => {
  test('has the family of the newest entry, the first in the list among those of one date', async () => {
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

  test('has, of two entries of one date, the family of the one that matches more than the host', async () => {
    const entries = [
      entry({ covers: 'host', url: 'a.example', family: 'host', date: '2017-01-01' }),
      entry({ url: 'a.example/1', family: 'url', date: '2017-01-01' }),
    ];
    expect(await ask(entries, 'url', 'a.example/1')).toMatchObject({ family: 'url' });
    const newer = entry({ covers: 'host', url: 'a.example', family: 'newer', date: '2017-01-02' });
    expect(await ask([...entries, newer], 'url', 'a.example/1')).toMatchObject({ family: 'newer' });
  });

  test('without a family is Malicious alone', async () => {
    expect(await ask([entry({ url: 'a.example/x', family: ' ', date: '' })], 'url', 'a.example/x')).toEqual({
      status: 'listed',
      message: 'Malicious',
      family: '',
      source: 'snapshot',
      answeredAt,
    });
  });

  test('has no control characters', async () => {
    expect(await ask([entry({ url: 'a.example/x', family: '\u001b[31mPo\u009bny\n' })], 'url', 'a.example/x')).toMatchObject({
      message: 'Malicious: \uFFFD[31mPo\uFFFDny',
      family: '\uFFFD[31mPo\uFFFDny',
    });
  });
});

describe('the evidence', () => {
  const entries = [
    entry({ url: 'a.example/p.php?x=1 ', ip: '198.51.100.60', date: '2017-05-05' }),
    entry({ url: 'a.example:8080/', date: '2016-01-01' }),
    entry({ url: '', ip: ' 198.51.100.61', date: '' }),
    entry({ url: ' ', ip: '198.51.100.62', date: '' }),
    entry({ covers: 'host', url: 'b.example', date: '2022-01-31' }),
    entry({ url: 'b.example/x', date: '2015-05-05' }),
  ];

  test.each([
    ['url', 'http://A.example/p.php?x=1', { by: 'url', entry: 'a.example/p.php?x=1', date: '2017-05-05', from: 'snapshot' }],
    ['url', 'a.example', { by: 'host', entry: 'a.example/p.php?x=1', date: '2017-05-05', from: 'snapshot' }],
    ['url', 'a.example:8080', { by: 'host', entry: 'a.example:8080/', date: '2016-01-01', from: 'snapshot' }],
    ['domain', 'A.example', { by: 'host', entry: 'a.example/p.php?x=1', date: '2017-05-05', from: 'snapshot' }],
    ['ip', '198.51.100.60', { by: 'address', entry: 'a.example/p.php?x=1', date: '2017-05-05', shared: 1, from: 'snapshot' }],
    ['ip', '198.51.100.61', { by: 'address', entry: '198.51.100.61', shared: 1, from: 'snapshot' }],
    ['url', 'b.example/y', { by: 'host', entry: 'b.example', date: '2022-01-31', from: 'snapshot' }],
    ['url', 'b.example/x', { by: 'url', entry: 'b.example/x', date: '2015-05-05', from: 'snapshot' }],
    ['url', 'c.example', 'unlisted'],
    ['ip', '198.51.100.62', { by: 'address', entry: '198.51.100.62', shared: 1, from: 'snapshot' }],
  ])('of the %s %s is its entry and date', async (type, value, expected) => {
    expect(await matchOf(entries, type, value)).toEqual(expected);
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

  test('identifies questions by type and key', () => {
    const identities = (['ip', 'url'] as const).map((type) => tracker.identify({ type, key: '192.0.2.50' }));
    expect(identities).toEqual(['ip 192.0.2.50', 'url 192.0.2.50']);
  });

  test('is always reachable, and may be closed', async () => {
    await expect(tracker.ping(patient)).resolves.toBeUndefined();
    await tracker.close();
    expect(await tracker.lookup({ type: 'url', key: 'panel.example' }, patient)).toMatchObject({ status: 'listed' });
  });

  test('rejects with the reason of an aborted signal', async () => {
    const reason = new CctError('deadline', 'the deadline is reached');
    const impatient = { signal: AbortSignal.abort(reason) };
    await expect(tracker.lookup({ type: 'ip', key: '198.51.100.60' }, impatient)).rejects.toBe(reason);
    await expect(tracker.ping(impatient)).rejects.toBe(reason);
  });
});
