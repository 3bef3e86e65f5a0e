import { describe, expect, test } from 'vitest';
import type { ListingFacts } from '../../../src/core/ctim/mapper.ts';
import { toJudgement, toSearchUrl, toVerdict } from '../../../src/core/ctim/mapper.ts';
import type { Listing } from '../../../src/core/lookups/tracker.ts';
import { ANSWERED_AT, API_URL, toListed } from '../samples.ts';

const facts: ListingFacts = {
  observable: { type: 'url', value: 'http://panel.example/a' },
  question: { type: 'url', key: 'panel.example/a' },
  listing: toListed(),
  answeredAt: ANSWERED_AT,
  apiUrl: API_URL,
};

// UUID version 5 of ["CyberCrime Tracker","url","http://panel.example/a",2,"2026-03-01"], worked out by another program.
const UUID = 'f693029c-a921-5352-a38c-da60e7df18ab';

const idOf = (changes: Partial<ListingFacts>) => toJudgement({ ...facts, ...changes }).id;
const reasonOf = (listing: Partial<Listing>) => toJudgement({ ...facts, listing: toListed(listing) }).reason;
const sourceUriOf = (key: string) => toJudgement({ ...facts, question: { type: 'url', key } }).source_uri;

describe('a Verdict', () => {
  const verdict = {
    type: 'verdict',
    observable: { type: 'url', value: 'http://panel.example/a' },
    disposition: 2,
    disposition_name: 'Malicious',
    valid_time: { start_time: '2026-03-01T12:34:56.789Z', end_time: '2026-03-08T12:34:56.789Z' },
  };

  test('by itself has exactly these fields', () => {
    expect(toVerdict(facts)).toStrictEqual(verdict);
  });

  test('of a Judgement is tied to it', () => {
    const judgement = { ...toJudgement(facts), id: 'transient:judgement-x' };
    expect(toVerdict(facts, judgement)).toStrictEqual({ ...verdict, judgement_id: 'transient:judgement-x' });
  });
});

describe('a Judgement', () => {
  test('has exactly these fields', () => {
    expect(toJudgement({ ...facts, listing: toListed({ firstListed: '2018-01-20' }) })).toStrictEqual({
      type: 'judgement',
      id: `transient:judgement-${UUID}`,
      external_ids: [`cybercrime-tracker-judgement-${UUID}`],
      observable: { type: 'url', value: 'http://panel.example/a' },
      disposition: 2,
      disposition_name: 'Malicious',
      source: 'CyberCrime Tracker',
      source_uri: 'https://tracker.example/index.php?search=panel.example%2Fa',
      confidence: 'Low',
      severity: 'Medium',
      priority: 90,
      reason: 'Malicious: Citadel (first listed 2018-01-20)',
      tlp: 'white',
      schema_version: '1.3.30',
      valid_time: { start_time: '2026-03-01T12:34:56.789Z', end_time: '2026-03-08T12:34:56.789Z' },
    });
  });

  test('is about the observable as it was given, byte for byte', () => {
    const observable = { type: 'url', value: ' HTTP://Bücher.example/A?b&c#d ' };
    expect(toJudgement({ ...facts, observable }).observable).toStrictEqual(observable);
  });
});

describe('the id of a Judgement', () => {
  test('stays the same within a UTC day, whatever else is told', () => {
    const ids = [
      idOf({ answeredAt: new Date('2026-03-01T00:00:00.000Z') }),
      idOf({ answeredAt: new Date('2026-03-01T23:59:59.999Z') }),
      idOf({ listing: toListed({ message: 'Malicious: Zeus', family: 'Zeus', firstListed: '2012-02-02' }) }),
      idOf({ apiUrl: 'https://mirror.example/' }),
    ];
    expect(ids).toEqual(ids.map(() => `transient:judgement-${UUID}`));
  });

  test('differs by day, value and type', () => {
    const ids = [
      idOf({}),
      idOf({ answeredAt: new Date('2026-02-28T23:59:59.999Z') }),
      idOf({ answeredAt: new Date('2026-03-02T00:00:00.000Z') }),
      idOf({ observable: { type: 'url', value: 'panel.example/a' } }),
      idOf({ observable: { type: 'url', value: 'http://panel.example/A' } }),
      idOf({ observable: { type: 'ip', value: 'http://panel.example/a' } }),
      idOf({ observable: { type: 'url', value: '192.0.2.1' } }),
      idOf({ observable: { type: 'ip', value: '192.0.2.1' } }),
    ];
    expect(new Set(ids).size).toBe(8);
  });

  test('of an address is the fixed one', () => {
    expect(idOf({ observable: { type: 'ip', value: '192.0.2.1' } })).toBe(
      'transient:judgement-05c9efd3-046b-5f07-bd66-dd06c68e3fec',
    );
  });
});

describe('the reason', () => {
  const SUFFIX = ' (first listed 2018-01-20)';

  test("is the tracker's message, with the date where it is known", () => {
    expect([reasonOf({ message: 'Malicious' }), reasonOf({ message: 'Malicious', firstListed: '2018-01-20' })]).toEqual([
      'Malicious',
      `Malicious${SUFFIX}`,
    ]);
  });

  test('of 1024 characters is left whole', () => {
    expect(reasonOf({ message: 'm'.repeat(1024) })).toBe('m'.repeat(1024));
    expect(reasonOf({ message: 'm'.repeat(1024 - SUFFIX.length), firstListed: '2018-01-20' })).toBe(
      'm'.repeat(1024 - SUFFIX.length) + SUFFIX,
    );
  });

  test('is cut to 1024 characters', () => {
    expect(reasonOf({ message: 'm'.repeat(1025) })).toBe('m'.repeat(1024));
  });

  test('is cut before the date, which stays whole', () => {
    expect(reasonOf({ message: 'm'.repeat(1024), firstListed: '2018-01-20' })).toBe('m'.repeat(1024 - SUFFIX.length) + SUFFIX);
  });

  test('never ends in half a surrogate pair', () => {
    expect(reasonOf({ message: `${'m'.repeat(1023)}\u{1F600}` })).toBe('m'.repeat(1023));
    const message = `${'m'.repeat(1023 - SUFFIX.length)}\u{1F600}x`;
    expect(reasonOf({ message, firstListed: '2018-01-20' })).toBe('m'.repeat(1023 - SUFFIX.length) + SUFFIX);
  });
});

describe('the source_uri', () => {
  test('carries the lookup key percent-encoded once', () => {
    expect(sourceUriOf('panel.example:80/ä?a=b c&d=%20#"<>{}|\\^`')).toBe(
      'https://tracker.example/index.php?search=panel.example%3A80%2F%C3%A4%3Fa%3Db%20c%26d%3D%2520%23%22%3C%3E%7B%7D%7C%5C%5E%60',
    );
  });

  test('is what people are shown', () => {
    expect(toSearchUrl('https://tracker.example/sub/', '192.0.2.1')).toBe(
      'https://tracker.example/sub/index.php?search=192.0.2.1',
    );
  });

  test('of 2048 characters is there', () => {
    const key = 'k'.repeat(2048 - toSearchUrl(API_URL, '').length);
    expect(sourceUriOf(key)).toHaveLength(2048);
  });

  test('is left out when longer, measured after encoding', () => {
    const key = 'k'.repeat(2048 - toSearchUrl(API_URL, '').length);
    const judgements = [`${key}k`, `/${key.slice(1)}`].map((long) =>
      toJudgement({ ...facts, question: { type: 'url', key: long } }),
    );
    expect(judgements.map((judgement) => 'source_uri' in judgement)).toEqual([false, false]);
  });
});

describe('the valid time', () => {
  const validTimeOf = (start: string) => toJudgement({ ...facts, answeredAt: new Date(start) }).valid_time;

  test('is seven days of 24 hours, with milliseconds and Z, across months, years and leap days', () => {
    expect(['2026-12-28T00:00:00Z', '2028-02-25T23:59:59.999Z', '2026-03-26T01:30:00+02:00'].map(validTimeOf)).toEqual([
      { start_time: '2026-12-28T00:00:00.000Z', end_time: '2027-01-04T00:00:00.000Z' },
      { start_time: '2028-02-25T23:59:59.999Z', end_time: '2028-03-03T23:59:59.999Z' },
      { start_time: '2026-03-25T23:30:00.000Z', end_time: '2026-04-01T23:30:00.000Z' },
    ]);
  });

  test('is the same for the Verdict', () => {
    expect(toVerdict(facts).valid_time).toEqual(toJudgement(facts).valid_time);
  });
});
