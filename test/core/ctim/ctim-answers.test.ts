import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { healthSchema, referralsSchema } from '../../../src/core/ctim/ctim.ts';
import { soundAnswer } from '../../helpers/broken-answers.ts';

describe('the answer to refer', () => {
  const toReferral = (type: string, title: string, changes: object = {}) => ({
    id: `ref-cybercrime-tracker-search-${type}-x`,
    title: `Search for this ${title}`,
    description: 'Look it up',
    url: 'https://tracker.example/index.php?search=x',
    categories: ['Search', 'CyberCrime Tracker'],
    ...changes,
  });
  const isSound = (answer: unknown) => z.safeParse(referralsSchema, answer).success;

  test('is a list of links, or errors', () => {
    const data = [toReferral('ip', 'IP'), toReferral('url', 'URL'), toReferral('domain', 'domain')];
    expect([{ data }, { data: [] }, { errors: soundAnswer.errors }].map(isSound)).toEqual([true, true, true]);
  });

  test.each([
    { id: 'x-ref-cybercrime-tracker-search-ip-x' },
    { id: 'ref-cybercrime-tracker-search-ip-' },
    { title: '' },
    { title: 'Search' },
    { description: '' },
    { url: 'panel example' },
    { categories: [] },
    { categories: ['Search'] },
    { categories: ['', 'CyberCrime Tracker'] },
    { categories: ['Search', ''] },
    { more: 1 },
  ])('has no other link than ours: %j', (changes) => {
    expect(isSound({ data: [toReferral('ip', 'IP', changes)] })).toBe(false);
  });

  test('is nothing else', () => {
    expect([{}, [], { data: {} }, { data: [], x: 1 }, { data: [{}] }, { data: 'x' }].filter(isSound)).toEqual([]);
  });
});

describe('the answer to health', () => {
  test('is ok or errors, and nothing else', () => {
    const sound = [{ data: { status: 'ok' } }, { errors: soundAnswer.errors }];
    const broken = [
      {},
      { data: {} },
      { data: { status: 'bad' } },
      { data: { status: 'ok', x: 1 } },
      { data: { status: 'ok' }, x: 1 },
    ];
    expect([...sound, ...broken].map((answer) => z.safeParse(healthSchema, answer).success)).toEqual([
      ...sound.map(() => true),
      ...broken.map(() => false),
    ]);
  });
});
