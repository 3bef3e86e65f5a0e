import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { referralsSchema } from '../../src/core/ctim/ctim.ts';
import { plan } from '../../src/core/lookups/plan.ts';
import type { Observable } from '../../src/core/observables/observable.ts';
import { toReferrals } from '../../src/relay/referrals.ts';
import { API_URL } from '../core/samples.ts';

function referralsFor(observables: readonly Observable[], includePrivate = false) {
  return toReferrals(plan(observables, { includePrivate }), API_URL);
}

describe('a referral', () => {
  test("of an IP is a link to the tracker's search", () => {
    expect(referralsFor([{ type: 'IP', value: '192.0.2.1' }])).toEqual([
      {
        id: 'ref-cybercrime-tracker-search-ip-192.0.2.1',
        title: 'Search for this IP',
        description: 'Look up this IP on CyberCrime Tracker',
        url: 'https://tracker.example/index.php?search=192.0.2.1',
        categories: ['Search', 'CyberCrime Tracker'],
      },
    ]);
  });

  test('of a URL has the whole value in its id and the lookup key in its link', () => {
    expect(referralsFor([{ type: 'url', value: 'http://panel.example/a?b=http://c.example/&d=ä#e' }])).toEqual([
      {
        id: 'ref-cybercrime-tracker-search-url-http%3A%2F%2Fpanel.example%2Fa%3Fb%3Dhttp%3A%2F%2Fc.example%2F%26d%3D%C3%A4%23e',
        title: 'Search for this URL',
        description: 'Look up this URL on CyberCrime Tracker',
        url: 'https://tracker.example/index.php?search=panel.example%2Fa%3Fb%3Dhttp%3A%2F%2Fc.example%2F%26d%3D%C3%A4%23e',
        categories: ['Search', 'CyberCrime Tracker'],
      },
    ]);
  });

  test('exists once for each distinct observable, in their order', () => {
    const values = ['http://panel.example/b', 'https://panel.example/b', 'http://panel.example/a', 'http://panel.example/b'];
    expect(
      referralsFor(values.map((value) => ({ type: 'url', value }))).map(({ id }) => decodeURIComponent(id.slice(34))),
    ).toEqual(values.slice(0, 3));
  });

  test('does not exist for unsupported, invalid and private observables', () => {
    const observables = [
      { type: 'domain', value: 'panel.example' },
      { type: 'ip', value: '999.1.1.1' },
      { type: 'ip', value: '10.0.0.8' },
      { type: 'url', value: 'http://user:pw@panel.example/' },
      { type: 'url', value: 'http://wiki.internal/' },
    ];
    expect(referralsFor(observables)).toEqual([]);
    expect(referralsFor(observables, true).map(({ url }) => url)).toEqual([
      'https://tracker.example/index.php?search=10.0.0.8',
      'https://tracker.example/index.php?search=user%3Apw%40panel.example%2F',
      'https://tracker.example/index.php?search=wiki.internal%2F',
    ]);
  });

  test('does not exist if the link were longer than 2048 characters', () => {
    const base = 'https://tracker.example/index.php?search=panel.example%2F';
    const toObservable = (length: number) => ({ type: 'url', value: `http://panel.example/${'a'.repeat(length - base.length)}` });
    expect(referralsFor([toObservable(2048), toObservable(2049)]).map(({ url }) => url.length)).toEqual([2048]);
  });
});

test('referrals match their schema', () => {
  const observables = [
    { type: 'ip', value: ' 192.0.2.1' },
    { type: 'url', value: 'http://panel.example/\'()*!~<>"{}|\\^` ä' },
  ];
  expect(z.parse(referralsSchema, { data: referralsFor(observables) })).toHaveProperty('data.length', 2);
});
