import { toAmount } from '../../core/amount.ts';
import { toLatestDay } from '../../core/day.ts';
import { toCctError } from '../../core/errors.ts';
import type { Question } from '../../core/observables/observable.ts';
import { toVisible } from '../../core/safe-text.ts';
import type { Answer, Listing, ListMatch, OlderEntry, Related, Tracker, Unlisted } from '../../core/lookups/tracker.ts';
import type { EntryIndex, Found, Match, Target } from './entry-index.ts';
import { createEntryIndex, toTarget } from './entry-index.ts';
import type { Snapshot, SnapshotEntry } from './snapshot-file.ts';

export interface MatchingOptions {
  readonly now: () => Date;
  /** Whether every URL or domain on a listed host counts as listed. Default false: it is `related`. */
  readonly matchesHosts?: boolean;
  /** `YYYY-MM-DD`: ignore entries that are older or have no date. Default: all count. */
  readonly listedSince?: string | undefined;
}

/** A tracker over a list. */
export interface SnapshotTracker extends Tracker {
  listDate(): string;
  /** The entries that match the question itself, of any age; null if there are none. */
  findListing(question: Question): ListEvidence | null;
  /** The related or older entries of a question that is not listed. */
  describeUnlisted(question: Question): Omit<Unlisted, 'status'>;
}

/** What a list adds to a listing. */
export interface ListEvidence extends Pick<Listing, 'family' | 'firstListed' | 'matched'> {
  /** Why the evidence is weak, as a phrase for the reason. */
  readonly remark?: string;
}

/**
 * Creates a tracker that answers from a snapshot, with the matching rules of `EntryIndex`. Ignores private addresses of entries and dates
 * after tomorrow. Rejects only if the signal is aborted.
 */
export function createSnapshotTracker(snapshot: Snapshot, options: MatchingOptions): SnapshotTracker {
  const { now, matchesHosts = false, listedSince = '' } = options;
  const lastDay = toLatestDay(now());
  const entries = snapshot.entries.map((entry) => (entry.date > lastDay ? { ...entry, date: '' } : entry));
  const current = createEntryIndex(listedSince === '' ? entries : entries.filter(({ date }) => date >= listedSince));
  const older = createEntryIndex(listedSince === '' ? [] : entries.filter(({ date }) => date < listedSince));
  const find = (index: EntryIndex, target: Target) => index.find(target) ?? (matchesHosts ? onHost(index, target) : null);
  const describe = (target: Target): Omit<Unlisted, 'status'> | undefined => {
    const related = toRelated(current, target);
    const olderFound = listedSince === '' ? null : find(older, target);
    if (olderFound) return { ...(related && { related }), older: toOlderEntry(olderFound.shown) };
    if (related) return { related };
    // Report also an entry that would be related but is too old.
    const near = listedSince === '' ? null : (older.findOnAddress(target) ?? older.findOnHost(target));
    return near ? { older: toOlderEntry(near) } : undefined;
  };
  const answer = (target: Target): Answer => {
    const from = { source: 'snapshot', answeredAt: now() } as const;
    const found = find(current, target);
    if (found) return { ...toListing(found), ...from };
    const known = describe(target);
    // The fast path of nearly all answers.
    if (!known) return { status: 'unlisted', source: from.source, answeredAt: from.answeredAt };
    return { status: 'unlisted', ...from, ...known };
  };
  return {
    identify: ({ type, key }) => `${type} ${key}`,
    lookup(question, { signal }) {
      if (signal.aborted) return Promise.reject(toCctError(signal.reason));
      return answer(toTarget(question));
    },
    findListing(question) {
      const target = toTarget(question);
      const found = current.find(target) ?? older.find(target);
      return found && toListEvidence(found);
    },
    describeUnlisted: (question) => describe(toTarget(question)) ?? {},
    ping: ({ signal }) => (signal.aborted ? Promise.reject(toCctError(signal.reason)) : Promise.resolve()),
    listDate: () => snapshot.date,
    close: () => undefined,
  };
}

/** What lists a URL or domain if `matchesHosts`. */
interface FoundOnHost extends Found {
  readonly isWholeHost: true;
}

function onHost(index: EntryIndex, target: Target): FoundOnHost | null {
  const match = index.findOnHost(target);
  return match && { match, by: 'host', shown: match, isWholeHost: true };
}

function toListing(found: Found | FoundOnHost): Listing {
  const { remark, ...evidence } = toListEvidence(found);
  const said = evidence.family === '' ? 'Malicious' : `Malicious: ${evidence.family}`;
  return { status: 'listed', message: remark === undefined ? said : `${said} (${remark})`, ...evidence };
}

function toListEvidence(found: Found | FoundOnHost): ListEvidence {
  const { match, by, shown } = found;
  const remark = toRemark(found);
  return {
    family: toVisible(match.newest.family.trim()),
    ...(match.firstDate === '' ? {} : { firstListed: match.firstDate }),
    matched: toMatched(shown, by),
    ...(remark === undefined ? {} : { remark }),
  };
}

/** Describes why a listing is weak: many sites can share an address, and many pages a host. */
function toRemark(found: Found | FoundOnHost): string | undefined {
  const { match, by } = found;
  if (by === 'address') {
    return withNewest(match.count === 1 ? '1 entry has this address' : `${match.count} entries share this address`, match);
  }
  if (!('isWholeHost' in found)) return undefined;
  return withNewest(`matched by host, which has ${toAmount(match.count, 'entry', 'entries')}`, match);
}

function withNewest(text: string, { newest }: Match): string {
  return newest.date === '' ? text : `${text}, newest ${newest.date}`;
}

function toMatched({ newest, count }: Match, by: ListMatch['by']): ListMatch {
  return {
    by,
    entry: toEntryText(newest),
    ...(newest.date === '' ? {} : { date: newest.date }),
    ...(by === 'address' ? { shared: count } : {}),
    from: 'snapshot',
  };
}

function toRelated(index: EntryIndex, target: Target): Related | undefined {
  const onAddress = index.findOnAddress(target);
  const match = onAddress ?? index.findOnHost(target);
  if (!match) return undefined;
  const { newest, count } = match;
  return { by: onAddress ? 'address' : 'host', entries: count, newest: newest.date || null, entry: toEntryText(newest) };
}

function toOlderEntry({ newest }: Match): OlderEntry {
  return { date: newest.date || null, entry: toEntryText(newest) };
}

function toEntryText({ url, ip }: SnapshotEntry): string {
  return url.trim() === '' ? ip.trim() : url.trim();
}
