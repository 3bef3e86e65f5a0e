import { describe, expect, test } from 'vitest';
import { parseExclusions } from '../../../src/core/observables/exclusions.ts';
import type { Observable } from '../../../src/core/observables/observable.ts';
import type { Plan } from '../../../src/core/lookups/plan.ts';
import { createPlanner, plan } from '../../../src/core/lookups/plan.ts';
import { toQuestion, toUrl } from '../samples.ts';

const toPlan = (path: string): Plan => ({ observable: toUrl(path), question: toQuestion(path) });
const planAll = (observables: readonly Observable[], includePrivate = false) => plan(observables, { includePrivate });

describe('plan', () => {
  test('keeps the order and plans the same canonical observable once, at its first place', () => {
    const observables = [toUrl('b'), toUrl('a'), { type: 'URL', value: 'http://panel.example/b' }, toUrl('c'), toUrl('a')];
    expect(planAll(observables)).toStrictEqual([toPlan('b'), toPlan('a'), toPlan('c')]);
  });

  test('keeps observables apart that differ in type or in any byte of the value', () => {
    const observables = [
      { type: 'url', value: '192.0.2.1' },
      { type: 'ip', value: '192.0.2.1' },
      { type: 'ip', value: '192.0.2.1 ' },
      { type: 'url', value: 'http://192.0.2.1' },
      { type: 'domain', value: '192.0.2.1' },
    ];
    expect(planAll(observables).map(({ observable }) => observable)).toEqual(observables);
  });

  const unasked = [
    { type: 'ip', value: '10.0.0.8' },
    { type: 'url', value: 'http://user:secret@panel.example/' },
    { type: 'ip', value: 'x' },
    { type: 'domain', value: 'panel.example' },
  ];

  test('says why an observable is skipped', () => {
    expect(planAll(unasked)).toStrictEqual([
      { observable: unasked[0], skip: 'private', detail: 'the address is private' },
      { observable: unasked[1], skip: 'credentials', detail: 'the URL contains a user or password' },
      { observable: unasked[2], skip: 'invalid', detail: 'not an IPv4 address' },
      { observable: unasked[3], skip: 'unsupported', detail: 'domains need a list' },
    ]);
  });

  test('with includePrivate asks what has a lookup key, and only that', () => {
    expect(planAll(unasked, true)).toStrictEqual([
      { observable: unasked[0], question: { type: 'ip', key: '10.0.0.8' } },
      { observable: unasked[1], question: { type: 'url', key: 'user:secret@panel.example/' } },
      { observable: unasked[2], skip: 'invalid', detail: 'not an IPv4 address' },
      { observable: unasked[3], skip: 'unsupported', detail: 'domains need a list' },
    ]);
  });

  test('of a domain is a question only where domains are asked about', () => {
    const domain = { type: 'domain', value: 'panel.example' };
    expect(plan([domain], { includePrivate: false, asksDomains: true })).toEqual([
      { observable: domain, question: { type: 'domain', key: 'panel.example' } },
    ]);
  });

  test('skips what is excluded, also with includePrivate', () => {
    const exclusions = parseExclusions('panel.example', 'own.txt');
    expect(plan([toUrl('a')], { includePrivate: true, exclusions })).toEqual([
      { observable: toUrl('a'), skip: 'excluded', detail: 'matches panel.example' },
    ]);
  });

  test('remembers what earlier batches held', () => {
    const toPlans = createPlanner({ includePrivate: false });
    expect([...toPlans([toUrl('a'), toUrl('b')])]).toStrictEqual([toPlan('a'), toPlan('b')]);
    expect([...toPlans([toUrl('b'), toUrl('c')])]).toStrictEqual([toPlan('c')]);
  });

  test('of nothing is nothing', () => {
    expect(planAll([])).toEqual([]);
  });
});
