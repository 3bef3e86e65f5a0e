import { formatCount, toAmount } from '../core/amount.ts';
import type { List } from '../core/list-entry.ts';
import type { ExportFormat } from './export-format.ts';
import { exportList } from './export-list.ts';
import type { Account } from './header.ts';
import { describeLeftOut } from './header.ts';
import type { Choices } from './selection.ts';

/** A value of `--since`, and the day that it means; '' for all. */
export interface Age {
  readonly given: string;
  readonly since: string;
}

/** Why a block list would be empty, how many values other choices would give, and which to try; one line. */
export function describeEmpty(
  account: Account,
  format: ExportFormat,
  choices: Omit<Choices, 'isPublicOnly'>,
  ages: readonly Age[],
): string {
  const { list } = account;
  const countWith = (hosts: Choices['hosts']) =>
    ages.map(({ given, since }) => ({
      given,
      hosts,
      count: exportList(list, format, { ...choices, since, hosts }).account.count,
    }));
  const [whole, any] = [countWith('whole'), countWith('any')];
  const counts = (of: typeof whole) => of.map(({ given, count }) => `${formatCount(count)} with --since ${given}`).join(', ');
  const best = [...whole, ...any].find(({ count }) => count > 0);
  return [
    `nothing to export, and nothing written: ${describeList(list)}`,
    `${format.nouns[1]} with --hosts whole: ${counts(whole)}; with --hosts any: ${counts(any)}`,
    best ? `try --since ${best.given} --hosts ${best.hosts}` : `left out: ${describeLeftOut(account).join('; ') || 'nothing'}`,
  ].join('; ');
}

function describeList({ entries }: List): string {
  const newest = entries.reduce((latest, { date }) => (date > latest ? date : latest), '');
  const count = toAmount(entries.length, 'entry', 'entries');
  return newest === '' ? `the list has ${count}` : `the newest of ${count} is of ${newest}`;
}
