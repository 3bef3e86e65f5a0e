import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { brokenAnswers, soundAnswer } from '../helpers/broken-answers.ts';
import { validateAnswer } from '../helpers/relay-schema.ts';
import type { Row } from './real-data.ts';
import { listPath, openContractSchema, openHome, readRows, toUrls } from './real-data.ts';

async function openList() {
  const home = await openHome();
  await home.cct('snapshot', 'import', listPath);
  return { ...home, rows: await readRows() };
}

describe('the list of 2018', () => {
  test('is imported whole', async () => {
    const { cct, rows } = await openList();
    expect(rows).toHaveLength(11_665);
    const facts: unknown = JSON.parse(await cct('snapshot', 'info'));
    expect(facts).toMatchObject({ date: '2018-01-14', entries: 11_665, origin: 'list-2018-01-20.tsv' });
  });

  test('lists each row by its url, and the one without by its address', async () => {
    const { fatesOf, rows } = await openList();
    const addresses = rows.filter(({ url }) => url === '').map(({ ip }) => ({ type: 'ip', value: ip }));
    const observables = [...toUrls(rows), ...addresses];
    expect([addresses.length, await fatesOf(observables)]).toEqual([1, { listed: observables.length }]);
  });

  test('lists none of 5,000 made-up observables', async () => {
    const { fatesOf } = await openList();
    const madeUp = Array.from({ length: 5000 }, (_, at) =>
      at % 2 === 0
        ? { type: 'url', value: `http://host-${at}.example/panel/${at}.php` }
        : { type: 'ip', value: `203.0.${100 + (at % 20)}.${at % 256}` },
    );
    expect(await fatesOf(madeUp)).toEqual({ unlisted: new Set(madeUp.map(({ value }) => value)).size });
  });
});

describe('the list, by other spellings of its entries', () => {
  const hostOf = (url: string) => /^[^/?#]*/.exec(url)?.[0] ?? '';
  /** The entries whose spelling can be changed: with a plain name or address as host, and no port. */
  const plain = (rows: readonly Row[]) => toUrls(rows).filter(({ value }) => /^http:\/\/[\w.-]+(?:\/|$)/.test(value));
  const change = (rows: readonly Row[], by: (host: string, rest: string) => string) =>
    plain(rows).map(({ type, value }) => {
      const url = value.slice('http://'.length);
      const host = hostOf(url);
      return { type, value: `http://${by(host, url.slice(host.length))}` };
    });

  test.each<[string, (host: string, rest: string) => string]>([
    ['port 80', (host, rest) => `${host}:80${rest}`],
    ['port 443', (host, rest) => `${host}:443${rest}`],
    ['capitals in the host', (host, rest) => `${host.toUpperCase()}${rest}`],
    ['dot segments', (host, rest) => `${host}/x/..${rest === '' ? '/' : rest}`],
  ])('are listed with %s', async (_what, by) => {
    const { fatesOf, rows } = await openList();
    const asked = change(rows, by);
    const { listed, ...others } = await fatesOf(asked);
    expect(asked.length).toBeGreaterThan(10_000);
    expect([listed, others]).toEqual([new Set(asked.map(({ value }) => value)).size, {}]);
  });

  test('are related by another path on their host, and listed by host with --match host', async () => {
    const { askAbout, rows } = await openList();
    const asked = change(rows, (host) => `${host}/not/on/the/list.php`);
    const distinct = new Set(asked.map(({ value }) => value)).size;
    const rowSchema = z.looseObject({
      status: z.string(),
      related: z.optional(z.object({ by: z.string() })),
      matched: z.optional(z.object({ by: z.string() })),
    });
    const tellAll = async (...flags: readonly string[]) =>
      (await askAbout(asked, 'observe', '--format', 'ndjson', ...flags))
        .trimEnd()
        .split('\n')
        .map((line) => rowSchema.parse(JSON.parse(line)));
    const exact = await tellAll();
    expect([exact.length, exact.every(({ status, related }) => status === 'unlisted' && related)]).toEqual([distinct, true]);
    const byHost = await tellAll('--match', 'host');
    expect(byHost.every(({ status, matched }) => status === 'listed' && matched?.by === 'host')).toBe(true);
  });
});

/** CTIM allows these; cct never sends them. JSON Schema cannot express counts and the order of times. */
const onlyOursRefuses = [
  'data.verdicts.docs.0.disposition_name is missing',
  'data.verdicts.docs.0.valid_time.start_time is missing',
  'data.judgements.docs.0.valid_time.start_time is missing',
  'data.verdicts.docs.0.valid_time.end_time is missing',
  'data.judgements.docs.0.valid_time.end_time is missing',
  'data.judgements.docs.0.external_ids is missing',
  'data.judgements.docs.0.reason is missing',
  'data.judgements.docs.0.tlp is missing',
  'an observable of a type never asked',
  'an empty observable value',
  'a time with microseconds',
  'an end before the start',
  'a start before 1970',
  'an end after 2525',
  'a uri that is none',
  'a priority above that of a machine',
  'another schema version',
  'a count of more than there are',
  'a count of fewer than there are',
  'an error of another type',
];

describe("the platform's closed schema of a relay answer", () => {
  test('accepts the answers about each row, as ours does', async () => {
    const [{ askAbout, rows }, validate] = [await openList(), await openContractSchema()];
    const urls = rows.filter(({ url }) => url !== '').map(({ url }) => ({ type: 'url', value: url }));
    const verdicts: [boolean, string[]][] = [];
    // In parts: a validator compares each document of a set with each other.
    for (let at = 0; at < urls.length; at += 400) {
      const answer: unknown = JSON.parse(await askAbout(urls.slice(at, at + 400), at % 800 === 0 ? 'observe' : 'deliberate'));
      verdicts.push([validate(answer), validateAnswer(answer)]);
    }
    expect(verdicts).toEqual(Array(30).fill([true, []]));
  });

  test('refuses what ours refuses, but where ours is narrower on purpose', async () => {
    const validate = await openContractSchema();
    expect(validate(soundAnswer)).toBe(true);
    expect(brokenAnswers.length - onlyOursRefuses.length).toBeGreaterThan(50);
    expect(brokenAnswers.filter(({ answer }) => validateAnswer(answer).length === 0)).toEqual([]);
    expect(brokenAnswers.filter(({ answer }) => validate(answer)).map(({ why }) => why)).toEqual(onlyOursRefuses);
  });
});
