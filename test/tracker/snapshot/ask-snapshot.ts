import type { Question } from '../../../src/core/observables/observable.ts';
import { triage } from '../../../src/core/observables/observable.ts';
import type { SnapshotEntry } from '../../../src/tracker/snapshot/snapshot-file.ts';
import { patient } from '../../core/samples.ts';
import { createSnapshotTracker } from '../../../src/tracker/snapshot/matching.ts';

/** The moment of every answer. */
export const answeredAt = new Date('2026-11-24T12:00:00.000Z');

/** A tracker that answers from these entries. */
export const trackerOf = (entries: readonly SnapshotEntry[]) =>
  createSnapshotTracker({ date: '2018-01-31', origin: 'a test', entries }, { now: () => answeredAt });

/** A listed entry; missing parts are empty. */
export const entry = (parts: Partial<SnapshotEntry>): SnapshotEntry => ({
  date: '2018-01-14',
  covers: 'url',
  url: '',
  ip: '',
  family: 'Pony',
  ...parts,
});

/** The question about an observable. Throws when there is none. */
export function questionOf(type: string, value: string): Question {
  const { question } = triage({ type, value }, { asksDomains: true });
  if (!question) throw new Error(`nothing to ask about ${value}`);
  return question;
}

/** The answer of these entries. */
export const lookUp = async (entries: readonly SnapshotEntry[], type: string, value: string) =>
  trackerOf(entries).lookup(questionOf(type, value), patient);

/** The answer without its evidence. */
export async function ask(entries: readonly SnapshotEntry[], type: string, value: string) {
  const answer = await lookUp(entries, type, value);
  return { ...answer, matched: undefined };
}

/** Which of the URLs are listed. */
export async function listedOf(entries: readonly SnapshotEntry[], urls: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(urls.map((url) => ask(entries, 'url', url)));
  return urls.filter((_url, at) => answers[at]?.status === 'listed');
}
