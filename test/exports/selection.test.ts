import { describe, expect, test } from 'vitest';
import { parseExclusions } from '../../src/core/observables/exclusions.ts';
import { createWarninglists } from '../../src/core/observables/warninglists.ts';
import type { Choices } from '../../src/exports/selection.ts';
import { selectEntries } from '../../src/exports/selection.ts';
import { createTally } from '../../src/exports/tally.ts';
import { EVERYTHING, toEntry, toList } from './lists.ts';

function select(list: ReturnType<typeof toList>, choices: Partial<Choices> = {}) {
  const [leftOut, addresses] = [createTally(), createTally()];
  const selection = selectEntries(list, { ...EVERYTHING, isPublicOnly: false, ...choices }, leftOut, addresses);
  return {
    urls: selection.entries.map(({ url }) => url),
    ips: selection.entries.map(({ ip }) => ip),
    leftOut: Object.fromEntries(leftOut.counts()),
    addresses: Object.fromEntries(addresses.counts()),
    sharedBy: selection.sharedBy,
  };
}

const ONE_PAGE = 'one page of a host (--hosts whole)';

describe('the selection of entries', () => {
  test('holds the whole list, in its order', () => {
    const list = toList('b.example/x', 'a.example', toEntry('', { ip: '198.51.100.7' }));
    expect(select(list)).toMatchObject({ urls: ['b.example/x', 'a.example', ''], leftOut: {} });
  });

  test('leaves out entries before a day, and those without a date', () => {
    const list = toList(
      toEntry('on.example', { date: '2018-01-14' }),
      toEntry('before.example', { date: '2018-01-13' }),
      toEntry('undated.example', { date: '' }),
    );
    expect(select(list, { since: '2018-01-14' })).toMatchObject({
      urls: ['on.example'],
      leftOut: { 'listed before --since, or without a date': 2 },
    });
  });

  test('takes as whole hosts those without a path, of a host list, and of two entries', () => {
    const list = toList(
      'no-path.example/',
      'no-path.example/x',
      toEntry('covered.example', { covers: 'host' }),
      'twice.example/a',
      'twice.example:8080/b',
      'query.example?a=1',
      'once.example/a',
      toEntry('', { ip: '198.51.100.7' }),
    );
    const { urls, leftOut } = select(list, { hosts: 'whole' });
    expect(urls).toEqual([
      'no-path.example/',
      'no-path.example/x',
      'covered.example',
      'twice.example/a',
      'twice.example:8080/b',
      '',
    ]);
    expect(leftOut).toEqual({ [ONE_PAGE]: 2 });
  });

  test('counts only entries that are recent enough for a whole host, of any family', () => {
    const old = toEntry('once.example/a', { date: '2014-01-01' });
    const list = toList(old, 'once.example/b', 'twice.example/a', toEntry('twice.example/b', { family: 'ZeuS' }));
    const choices = { since: '2018-01-01', hosts: 'whole', families: new Set(['zeus']) } as const;
    expect(select(list, choices).urls).toEqual(['twice.example/b']);
  });

  test('takes families in any case', () => {
    const list = toList(toEntry('a.example', { family: 'ZeuS' }), toEntry('b.example', { family: '' }), 'c.example');
    expect(select(list, { families: new Set(['zeus']) })).toMatchObject({
      urls: ['a.example'],
      leftOut: { 'of another --family': 2 },
    });
  });

  test('leaves out what is excluded: hosts with their entry, addresses alone', () => {
    const exclusions = parseExclusions('own.example\n198.51.100.0/24', 'own.txt');
    const list = toList(
      'www.own.example/x',
      toEntry('other.example', { ip: '198.51.100.7' }),
      '198.51.100.8/x',
      toEntry('', { ip: '198.51.100.9' }),
    );
    const selected = select(list, { exclusions });
    expect([selected.urls, selected.ips]).toEqual([['other.example'], ['']]);
    expect([selected.leftOut, selected.addresses]).toEqual([{ 'excluded by --exclude': 3 }, { 'excluded by --exclude': 1 }]);
  });

  test('leaves out what is on a warninglist, by its name', () => {
    const make = (name: string, type: 'string' | 'hostname' | 'cidr', entries: readonly string[]) => ({
      name,
      type,
      entries,
      kinds: null,
    });
    const { warninglists } = createWarninglists(
      [
        make('shared hosts', 'hostname', ['shared.example']),
        make('pages', 'string', ['page.example/x']),
        make('ranges', 'cidr', ['198.51.100.0/24']),
      ],
      () => {
        throw new Error('There is no regular expression');
      },
    );
    const list = toList(
      'www.shared.example/x',
      'page.example/x',
      'page.example/y',
      '198.51.100.7/x',
      toEntry('a.example', { ip: '198.51.100.8' }),
    );
    const selected = select(list, { warninglists });
    expect(selected.urls).toEqual(['page.example/y', 'a.example']);
    expect(selected.leftOut).toEqual({
      'on the warninglist shared hosts': 1,
      'on the warninglist pages': 1,
      'on the warninglist ranges': 1,
    });
    expect(selected.addresses).toEqual({ 'on the warninglist ranges': 1 });
  });

  test('leaves out private hosts where only public ones are wanted, and never uses private addresses', () => {
    const list = toList(
      '10.0.0.8/x',
      'printer.local',
      'localhost/x',
      toEntry('a.example', { ip: '192.168.0.1' }),
      toEntry('', { ip: '10.0.0.9' }),
    );
    const selected = select(list, { isPublicOnly: true });
    expect([selected.urls, selected.ips]).toEqual([['a.example'], ['']]);
    expect([selected.leftOut, selected.addresses]).toEqual([{ 'private or internal': 4 }, { private: 1 }]);
    expect(select(list).urls).toHaveLength(5);
  });

  test('counts how many entries of the whole list share an address', () => {
    const shared = { ip: '198.51.100.7' };
    const list = toList(
      toEntry('a.example', shared),
      toEntry('b.example', { ...shared, date: '2014-01-01' }),
      '198.51.100.7/x',
      toEntry('198.51.100.7/y', shared),
    );
    expect(select(list, { since: '2018-01-01' }).sharedBy('198.51.100.7')).toBe(4);
    expect(select(list).sharedBy('192.0.2.1')).toBe(0);
  });
});
