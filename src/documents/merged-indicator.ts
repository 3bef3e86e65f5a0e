import { isDay } from '../core/day.ts';
import { groupBy } from '../core/group-by.ts';
import { cut, toVisible } from '../core/safe-text.ts';
import type { Indicator } from './indicator.ts';

/** All listings of one value, for formats that name each value once. Texts are trimmed and have no lone surrogates. */
export interface MergedIndicator extends Pick<Indicator, 'type' | 'value' | 'sourceUri'> {
  /** Distinct, in order, without ''. */
  readonly families: readonly string[];
  /** Distinct, in order, without ''. */
  readonly entries: readonly string[];
  /** The earliest date, `YYYY-MM-DD`; '' if unknown. */
  readonly firstListed: string;
  /** `firstListed`, else the UTC day of the earliest answer. */
  readonly day: string;
}

/** Merges indicators by type and value, in order of first occurrence. */
export function mergeIndicators(indicators: Iterable<Indicator>): MergedIndicator[] {
  const groups = groupBy(indicators, ({ type, value }) => `${type} ${toClean(value)}`);
  return [...groups.values()].flatMap((group) => merge(group) ?? []);
}

function merge(group: readonly Indicator[]): MergedIndicator | undefined {
  const [first] = group;
  if (!first) return undefined;
  const firstListed = toEarliest(group.map((each) => each.firstListed));
  const sourceUri = group.find((each) => each.sourceUri !== undefined)?.sourceUri;
  return {
    type: first.type,
    value: toClean(first.value),
    families: toDistinct(group.map(({ family }) => family)),
    entries: toDistinct(group.map(({ entry }) => entry)),
    firstListed,
    day: firstListed || toEarliest(group.map(({ answeredAt }) => answeredAt.slice(0, 10))) || '1970-01-01',
    ...(sourceUri === undefined ? {} : { sourceUri }),
  };
}

/** Cleans text for a document. Blanks at either end would make it a different value. */
export function toClean(text: string): string {
  return text.toWellFormed().trim();
}

function toEarliest(days: readonly string[]): string {
  return days.filter(isDay).reduce((earliest, day) => (earliest === '' || day < earliest ? day : earliest), '');
}

function toDistinct(texts: readonly string[]): string[] {
  return [...new Set(texts.map(toClean))].filter((text) => text !== '');
}

const MAX_NAMED = 5;
const MAX_NAME_LENGTH = 1_000;

/** Families and entries for people, on one line: `Pony; listed as panel.example/d12/`. Names at most five of each; '' if there are none. */
export function describeListing({ families, entries }: Pick<MergedIndicator, 'families' | 'entries'>): string {
  return [toNames(families), entries.length === 0 ? '' : `listed as ${toNames(entries)}`]
    .filter((part) => part !== '')
    .join('; ');
}

function toNames(texts: readonly string[]): string {
  const named = texts.slice(0, MAX_NAMED).map((text) => toVisible(cut(text, MAX_NAME_LENGTH)));
  return [...named, ...(texts.length > MAX_NAMED ? [`${texts.length - MAX_NAMED} more`] : [])].join(', ');
}
