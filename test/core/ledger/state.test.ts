import { describe, expect, test } from 'vitest';
import type { LedgerRow } from '../../../src/core/ledger/ledger.ts';
import type { Change, State } from '../../../src/core/ledger/state.ts';
import { checkStateHeader, createState, isStateHeader, parseKnownRow, withChange } from '../../../src/core/ledger/state.ts';

const observable = { type: 'url', value: 'http://panel.example/a' };
const entry = 'panel.example/a';
const unlisted: LedgerRow = { observable, status: 'unlisted', source: 'live', answered_at: '2026-03-01T00:00:00.000Z' };
const related: LedgerRow = { ...unlisted, related: { by: 'host', entries: 1, newest: null, entry } };
const skipped: LedgerRow = { observable, status: 'skipped', reason: 'private: it is' };
const failed: LedgerRow = { observable, status: 'failed', error: { type: 'fatal', code: 'unknown', message: 'No' } };
const listed: LedgerRow = {
  ...unlisted,
  ...{ status: 'listed', family: 'Pony', first_listed: '2017-01-01', warnings: ['a list'] },
  matched: { by: 'url', entry, date: '2018-01-14', from: 'snapshot' },
};

const linesOf = (state: State) => [...state.write()].join('').trimEnd().split('\n').slice(1);

/** The changes of rows about one observable, one run after the other. */
function changesOf(...rows: readonly LedgerRow[]): (Change | undefined)[] {
  const state = createState();
  return rows.map((row) => state.compare(row));
}

describe('a row', () => {
  test('is new once, whatever its status', () => {
    expect([listed, unlisted, related, skipped].map((row) => changesOf(row, row))).toEqual([
      ['new', undefined],
      ['new', undefined],
      ['new', undefined],
      ['new', undefined],
    ]);
  });

  const otherMatch = { by: 'url', entry, from: 'snapshot' } as const;
  test.each<[string, LedgerRow, LedgerRow]>([
    ['status', unlisted, listed],
    ['status, from listed to related', listed, related],
    ['status, from unlisted to skipped', unlisted, skipped],
    ['family', listed, { ...listed, family: 'ZeuS' }],
    ['entry', listed, { ...listed, matched: { ...otherMatch, date: '2018-01-14', entry: 'b' } }],
    ['date', listed, { ...listed, matched: { ...otherMatch, date: '2018-01-15' } }],
    ['date, which is unknown now', listed, { ...listed, matched: otherMatch }],
    ['related entry', related, { ...related, related: { by: 'host', entries: 1, newest: null, entry: 'b' } }],
    ['warnings', listed, { ...listed, warnings: ['a list', 'another'] }],
    ['warnings, of which there are none now', listed, { ...listed, warnings: [] }],
  ])('is changed by its %s', (_what, before, now) => {
    expect(changesOf(before, now, now)).toEqual(['new', 'changed', undefined]);
  });

  test.each<[string, LedgerRow, LedgerRow]>([
    ['times', unlisted, { ...unlisted, answered_at: '2026-03-02T00:00:00.000Z' }],
    ['its source', unlisted, { ...unlisted, source: 'cache' }],
    ['the first date', listed, { ...listed, first_listed: '2016-01-01' }],
    ['how it matched', listed, { ...listed, matched: { by: 'address', entry, date: '2018-01-14', shared: 3, from: 'snapshot' } }],
    ['how many are related', related, { ...related, related: { by: 'address', entries: 9, newest: '2018-01-14', entry } }],
    ['an older entry', unlisted, { ...unlisted, older: { date: null, entry } }],
    ['why it was skipped', skipped, { ...skipped, reason: 'excluded: it is' }],
    ['no warnings', unlisted, { ...unlisted, warnings: [] }],
  ])('is not changed by %s', (_what, before, now) => {
    expect(changesOf(before, now)).toEqual(['new', undefined]);
  });

  test.each<[string, LedgerRow, LedgerRow]>([
    ['listed and is unlisted', listed, unlisted],
    ['related and is unlisted', related, unlisted],
    ['listed and is skipped', listed, skipped],
  ])('is gone when it was %s', (_what, before, now) => {
    expect(changesOf(before, now, now, before)).toEqual(['new', 'gone', undefined, 'changed']);
  });

  test('that failed keeps what is known', () => {
    expect(changesOf(failed, listed, failed, listed)).toEqual([undefined, 'new', undefined, undefined]);
  });

  test('is one of its type: the same value of another is another', () => {
    expect(changesOf(unlisted, { ...unlisted, observable: { ...observable, type: 'domain' } })).toEqual(['new', 'new']);
  });
});

describe('where only what was listed is known', () => {
  const compare = (row: LedgerRow, wasListed: boolean) => {
    const state = createState({ hasListedOnly: true });
    if (wasListed) state.addListed(observable);
    return [state.compare(row), state.compare(row)];
  };

  test('a listed row is compared by its status alone, and nothing else is new', () => {
    expect([listed, related, unlisted, skipped].map((row) => compare(row, true)[0])).toEqual([
      undefined,
      'changed',
      'gone',
      'gone',
    ]);
    expect([listed, related, unlisted, skipped].map((row) => compare(row, false)[0])).toEqual([
      'new',
      undefined,
      undefined,
      undefined,
    ]);
    expect(compare(unlisted, true)[1]).toBeUndefined();
  });
});

test('a state has the compared fields only, sorted by type and value, and carries over what did not come', () => {
  const state = createState();
  const at = (type: string, value: string, row: LedgerRow): LedgerRow => ({ ...row, observable: { type, value } });
  for (const row of [at('url', 'b', listed), at('url', 'a\u2028', related), at('ip', '9', unlisted), at('ip', '10', skipped)]) {
    state.compare(row);
  }
  state.compare(at('ip', '1', failed));
  expect([...state.write()].join('')).toBe(
    [
      '{"cct_state":1}',
      '{"observable":{"type":"ip","value":"10"},"status":"skipped"}',
      '{"observable":{"type":"ip","value":"9"},"status":"unlisted"}',
      '{"observable":{"type":"url","value":"a\\u2028"},"status":"unlisted","related":{"entry":"panel.example/a"}}',
      '{"observable":{"type":"url","value":"b"},"status":"listed","family":"Pony","matched":{"entry":"panel.example/a","date":"2018-01-14"},"warnings":["a list"]}',
      '',
    ].join('\n'),
  );
});

test('a state of more rows than one write holds has them all', () => {
  const state = createState();
  const values = Array.from({ length: 2_500 }, (_, at) => String(10_000 + at));
  for (const value of values) state.compare({ ...unlisted, observable: { type: 'url', value } });
  expect([...state.write()].length).toBe(3);
  expect(linesOf(state).map((line) => parseKnownRow(JSON.parse(line), '').observable.value)).toEqual(values);
});

test('too many observables of one type are an error, not those that are known', () => {
  const state = createState({ maxRows: 1 });
  state.compare(unlisted);
  expect(state.compare(listed)).toBe('changed');
  expect(() => state.compare({ ...unlisted, observable: { type: 'url', value: 'b' } })).toThrow(
    'more than 1 known observables of type url: use several state files',
  );
});

describe('a known row', () => {
  test.each([listed, related, unlisted, skipped])('is read back as it was compared: $status', (row) => {
    const state = createState();
    const { observable: read, evidence } = parseKnownRow(JSON.parse(JSON.stringify(row)), 'x:1');
    state.add(read, evidence ?? '');
    expect(state.compare(row)).toBeUndefined();
  });

  test('that failed says nothing', () => {
    expect(parseKnownRow(failed, 'x:1')).toEqual({ observable, evidence: null });
  });

  test.each<[unknown, string]>([
    [[], 'expected a row'],
    [null, 'expected a row'],
    [{ status: 'listed' }, 'expected an observable'],
    [{ observable: { type: 'ip' }, status: 'listed' }, 'expected an observable'],
    [{ observable: { type: 1, value: 'a' }, status: 'listed' }, 'expected an observable'],
    [{ observable }, 'expected a status'],
    [{ observable, status: 'clean' }, 'expected a status'],
    [{ observable, status: 'listed', family: 1 }, 'invalid family'],
    [{ observable, status: 'listed', matched: { date: '2018-01-14' } }, 'invalid matched'],
    [{ observable, status: 'listed', matched: { entry, date: 1 } }, 'invalid matched'],
    [{ observable, status: 'unlisted', related: [] }, 'invalid related'],
    [{ observable, status: 'listed', warnings: 'a' }, 'invalid warnings'],
    [{ observable, status: 'listed', warnings: [1] }, 'invalid warnings'],
  ])('of another shape is an error that names its place: %j', (value, expected) => {
    expect(() => parseKnownRow(value, 'x:1')).toThrow(`x:1: ${expected}`);
  });
});

test('the first line of a state names its version', () => {
  expect([{ cct_state: 1 }, { cct_state: 2 }, { cct: 1 }, [], null].map(isStateHeader)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(() => checkStateHeader({ cct_state: 1 }, 'x')).not.toThrow();
  expect(() => checkStateHeader({ cct_state: 2 }, 'x')).toThrow(
    'x: a state of version 2; this cct reads version 1. Use another file',
  );
});

test('the change of a row comes before its documents', () => {
  const error = { type: 'warning', code: 'unknown', message: 'x' } as const;
  expect(Object.keys(withChange({ ...unlisted, error }, 'new'))).toEqual([
    'observable',
    'status',
    'source',
    'answered_at',
    'change',
    'error',
  ]);
  expect(Object.keys(withChange(unlisted, 'new'))).toEqual(['observable', 'status', 'source', 'answered_at', 'change']);
  expect(withChange(failed, undefined)).toStrictEqual(failed);
});
