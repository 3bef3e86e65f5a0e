import { describe, expect, test } from 'vitest';
import { domainFormat } from '../../src/exports/domain.ts';
import { toComments, toHeader } from '../../src/exports/header.ts';
import { describeEmpty } from '../../src/exports/other-choices.ts';
import { EVERYTHING, exportAll, toEntry, toList } from './lists.ts';

const AGES = [
  { given: '1y', since: '2025-01-01' },
  { given: '5y', since: '2021-01-01' },
  { given: 'all', since: '' },
];

describe('a header', () => {
  test('says what the list is, the options, and what was left out', () => {
    const { account } = exportAll(domainFormat, toList('panel.example', '198.51.100.7'));
    expect(toHeader(account, '--since all')).toEqual([
      'CyberCrime Tracker: domains of malware command-and-control panels',
      'list: 2018-01-31, 2 entries, from made up',
      'options: --since all',
      'holds: 1 domain',
      'left out: 1 entry: an address, no name',
    ]);
  });

  test('keeps to its comments, whatever the names in it', () => {
    const { account } = exportAll(domainFormat, { ...toList('panel.example'), origin: 'a\nbad.example\u2028\u0085x\r' });
    const lines = toComments(toHeader(account, `--family "${'x\n'.repeat(1000)}"`)).split('\n');
    expect(lines.filter((line) => !line.startsWith('# '))).toEqual(['']);
    expect(lines[1]).toBe('# list: 2018-01-31, 1 entry, from a\uFFFDbad.example\uFFFD\uFFFDx\uFFFD');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(302);
  });
});

describe('the message about an empty block list', () => {
  const choices = { ...EVERYTHING, since: '2025-01-01', hosts: 'whole' } as const;
  const describeOf = (...entries: Parameters<typeof toList>) => {
    const list = toList(...entries);
    return describeEmpty(exportAll(domainFormat, list, choices).account, domainFormat, choices, AGES);
  };

  test('counts what other choices would give, and names the strictest that gives any', () => {
    expect(describeOf(toEntry('once.example/a', { date: '2022-01-01' }), 'whole.example')).toBe(
      'nothing to export, and nothing written: the newest of 2 entries is of 2022-01-01; ' +
        'domains with --hosts whole: 0 with --since 1y, 0 with --since 5y, 1 with --since all; ' +
        'with --hosts any: 0 with --since 1y, 1 with --since 5y, 2 with --since all; try --since all --hosts whole',
    );
  });

  test('says what is left out where no choice gives any', () => {
    expect(describeOf(toEntry('198.51.100.7', { date: '2026-01-01' }))).toMatch(/; left out: 1 entry: an address, no name$/);
    expect(describeOf()).toMatch(/: the list has 0 entries; .*; left out: nothing$/);
  });
});
