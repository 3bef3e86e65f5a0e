import { formatCount, toAmount } from '../core/amount.ts';
import type { List } from '../core/lookups/list-entry.ts';
import type { ExportFormat } from './export-format.ts';
import { exportList } from './export-list.ts';
import type { Account } from './header.ts';
import { describeLeftOut } from './header.ts';
import type { Choices } from './selection.ts';

/** A value of `--since`, and the day that it means ('' for `all`). */
export interface Age {
  readonly given: string;
  readonly since: string;
}

type GivenChoices = Omit<Choices, 'isPublicOnly'>;

/** Says in one line why a block list would be empty, how many values other choices would give, and which to try. */
export function describeEmpty(account: Account, format: ExportFormat, choices: GivenChoices, ages: readonly Age[]): string {
  const { list } = account;
  const head = `nothing to export, so nothing was written; ${describeList(list)}`;
  const countAll = (given: GivenChoices) => countChoices(list, format, { ages, choices: given });
  const counts = countAll(choices);
  const best = counts.find(({ count }) => count > 0);
  if (best) return [head, `${format.nouns[1]} ${toCounts(counts)}`, `try ${toFlags(best)}`].join('; ');
  const canResolve = format.resolved === 'asked' && !choices.isResolved;
  const resolved = canResolve ? countAll({ ...choices, isResolved: true }).find(({ count }) => count > 0) : undefined;
  const widest = exportList(list, format, { ...choices, since: '', hosts: 'any' }).account;
  return [
    head,
    `no choice of --since and --hosts yields any ${format.nouns[0]}`,
    `left out: ${describeLeftOut(widest).join('; ') || 'nothing'}`,
    ...(resolved ? [`try ${toFlags(resolved)} --resolved`] : []),
  ].join('; ');
}

interface Counted extends Pick<Choices, 'hosts'> {
  readonly given: string;
  readonly count: number;
}

/** The number of values for each choice, the strictest first. */
function countChoices(
  list: List,
  format: ExportFormat,
  { choices, ages }: { readonly choices: GivenChoices; readonly ages: readonly Age[] },
): readonly Counted[] {
  return (['whole', 'any'] as const).flatMap((hosts) =>
    ages.map(({ given, since }) => {
      const { account } = exportList(list, format, { ...choices, since, hosts });
      return { given, hosts, count: account.count };
    }),
  );
}

function toCounts(counts: readonly Counted[]): string {
  const of = (which: Choices['hosts']) =>
    counts.flatMap(({ given, hosts, count }) => (hosts === which ? [`${formatCount(count)} with --since ${given}`] : []));
  return `with --hosts whole: ${of('whole').join(', ')}; with --hosts any: ${of('any').join(', ')}`;
}

function toFlags({ given, hosts }: Counted): string {
  return `--since ${given} --hosts ${hosts}`;
}

function describeList({ entries }: List): string {
  const newest = entries.reduce((latest, { date }) => (date > latest ? date : latest), '');
  const count = toAmount(entries.length, 'entry', 'entries');
  return newest === '' ? `the list has ${count}` : `the newest of ${count} is dated ${newest}`;
}
