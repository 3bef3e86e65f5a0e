import { describe, expect, test } from 'vitest';
import type { StoredAnswer } from '../../../src/tracker/cache/stored-answer.ts';
import { parseStoredAnswer, toPlaceText, writeStoredAnswer } from '../../../src/tracker/cache/stored-answer.ts';
import { ORIGIN, toListed, unlisted } from '../../core/samples.ts';

const listing: StoredAnswer = { ...ORIGIN, key: 'a.example', answer: toListed({ firstListed: '2024-02-29' }) };
const negative: StoredAnswer = { ...ORIGIN, key: 'a.example', answer: unlisted };

/** The text of a listing with some fields changed, left out when undefined. */
function toChanged(changes: Readonly<Record<string, unknown>>, stored = listing): string {
  const fields: unknown = JSON.parse(writeStoredAnswer(stored));
  return JSON.stringify(Object.assign({}, fields, changes));
}

test('a listing is one line of JSON', () => {
  expect(writeStoredAnswer(listing)).toBe(
    '{"version":2,"api_url":"https://tracker.example/","unlisted_message":"Unknown url","key":"a.example","status":"listed","source":"live",' +
      '"answered_at":"2026-03-01T12:34:56.789Z","message":"Malicious: Citadel","family":"Citadel","first_listed":"2024-02-29"}',
  );
});

test('listings and negative answers are read as they were written', () => {
  const undated: StoredAnswer = { ...listing, answer: toListed() };
  const again: StoredAnswer = { ...negative, answer: { ...unlisted, source: 'cache' } };
  const all = [listing, undated, negative, again];
  expect(all.map((stored) => parseStoredAnswer(writeStoredAnswer(stored)))).toStrictEqual(all);
});

test('an answer without a moment cannot be written', () => {
  expect(() => writeStoredAnswer({ ...negative, answer: { ...unlisted, answeredAt: new Date(NaN) } })).toThrow(RangeError);
});

test('places differ in their text', () => {
  const places = [
    ['https://a.example/', 'b'],
    ['https://a.example/b', ''],
    ['https://a.example/', '\uD83E'],
    ['https://a.example/', '\uDDEA'],
  ].map(([apiUrl = '', key = '']) => toPlaceText({ ...ORIGIN, apiUrl, key }));
  expect(new Set(places).size).toBe(4);
});

describe('a stored text is a miss when it', () => {
  test.each<[string, string]>([
    ['is empty', ''],
    ['is no JSON', writeStoredAnswer(listing).slice(0, -1)],
    ['is another JSON', '[]'],
    ['is null', 'null'],
    ['is of another version', toChanged({ version: 1 })],
    ['has no version', toChanged({ version: undefined })],
    ['has a further field', toChanged({ also: 1 })],
    ['has no key', toChanged({ key: undefined })],
    ['has no unlisted message', toChanged({ unlisted_message: undefined })],
    ['has no tracker', toChanged({ api_url: undefined })],
    ['has another status', toChanged({ status: 'clean' })],
    ['comes from a snapshot', toChanged({ source: 'snapshot' })],
    ['is a listing without a message', toChanged({ message: undefined })],
    ['is a listing whose family is no text', toChanged({ family: null })],
    ['is not listed and has a family', toChanged({ family: 'Pony' }, negative)],
    ['is a listing that says unlisted', toChanged({ status: 'unlisted' })],
    ['has a day that does not exist', toChanged({ first_listed: '2023-02-29' })],
    ['has no moment', toChanged({ answered_at: 'yesterday' })],
    ['has its moment in another form', toChanged({ answered_at: '2026-03-01' })],
    ['has its moment as a number', toChanged({ answered_at: 0 })],
  ])('%s', (_what, text) => {
    expect(parseStoredAnswer(text)).toBeUndefined();
  });
});
