import { describe, expect, test } from 'vitest';
import type { ExportFormat } from '../../src/exports/export-format.ts';
import type { Choices } from '../../src/exports/selection.ts';
import { ipFormat } from '../../src/exports/ip.ts';
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
      'left out: 1 entry: an address, not a name',
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
      'nothing to export, so nothing was written; the newest of 2 entries is dated 2022-01-01; ' +
        'domains with --hosts whole: 0 with --since 1y, 0 with --since 5y, 1 with --since all; ' +
        'with --hosts any: 0 with --since 1y, 1 with --since 5y, 2 with --since all; try --since all --hosts whole',
    );
  });

  test('says what the widest choice leaves out where no choice gives any', () => {
    expect(describeOf(toEntry('198.51.100.7', { date: '2016-01-01' }))).toBe(
      'nothing to export, so nothing was written; the newest of 1 entry is dated 2016-01-01; ' +
        'no choice of --since and --hosts yields any domain; left out: 1 entry: an address, not a name',
    );
    expect(describeOf()).toMatch(/; the list has 0 entries; .*; left out: nothing$/);
  });

  test('names --resolved where only that gives any', () => {
    const list = toList(toEntry('a.example/x', { ip: '198.51.100.7', date: '2016-01-01' }));
    const describeWith = (format: ExportFormat, more: Partial<Choices> = {}) =>
      describeEmpty(exportAll(format, list, choices).account, format, { ...choices, ...more }, AGES);
    expect(describeWith(ipFormat)).toBe(
      'nothing to export, so nothing was written; the newest of 1 entry is dated 2016-01-01; no choice of --since and --hosts yields any address; ' +
        'left out: 1 entry: a name; use --resolved to export its address; try --since all --hosts any --resolved',
    );
    expect(describeWith(ipFormat, { maxShared: 0 })).not.toContain('; try ');
    expect(describeWith(ipFormat, { isResolved: true, maxShared: 0 })).not.toContain('; try ');
  });
});
