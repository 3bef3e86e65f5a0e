import { describe, expect, test } from 'vitest';
import { brokenAnswers, soundAnswer } from '../helpers/broken-answers.ts';
import { validateAnswer } from '../helpers/relay-schema.ts';
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
