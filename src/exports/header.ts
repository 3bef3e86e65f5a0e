import { toAmount } from '../core/amount.ts';
import type { List } from '../core/lookups/list-entry.ts';
import { SOURCE } from '../core/ctim/mapper.ts';
import { cut, toVisible } from '../core/safe-text.ts';
import type { ExportFormat } from './export-format.ts';
import type { Tally } from './tally.ts';

/** What was exported, and what was left out. */
export interface Account {
  readonly list: List;
  readonly format: Pick<ExportFormat, 'nouns'>;
  readonly count: number;
  /** The number of entries with the same value as another one. */
  readonly mergedCount: number;
  readonly leftOut: Tally;
  /** Addresses that are not used. */
  readonly addresses: Tally;
  readonly remarks: readonly string[];
}

// Paths and names of any length can occur.
const MAX_LINE_LENGTH = 300;

/** The lines of a header, without comment marks. `options` are as given, so that equal runs have equal headers. */
export function toHeader(account: Account, options: string): readonly string[] {
  const { list, format, count } = account;
  const [one, many] = format.nouns;
  return [
    `${SOURCE}: ${many} of malware command-and-control panels`,
    `list: ${list.date}, ${toAmount(list.entries.length, 'entry', 'entries')}, from ${list.origin}`,
    `options: ${options}`,
    `holds: ${toAmount(count, one, many)}`,
    ...describeLeftOut(account).map((line) => `left out: ${line}`),
  ].map((line) => cut(toVisible(line), MAX_LINE_LENGTH));
}

/** Describes what was left out, with a line for each reason. */
export function describeLeftOut({ leftOut, addresses, remarks }: Account): readonly string[] {
  const describe = (tally: Tally, one: string, many: string) =>
    tally.counts().map(([reason, count]) => `${toAmount(count, one, many)}: ${reason}`);
  return [...describe(leftOut, 'entry', 'entries'), ...describe(addresses, 'resolved address', 'resolved addresses'), ...remarks];
}

/** Lines as comments. */
export function toComments(header: readonly string[], mark = '#'): string {
  return header.map((line) => `${mark} ${line}\n`).join('');
}
