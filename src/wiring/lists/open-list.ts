import { toLatestDay } from '../../core/day.ts';
import type { List, ListEntry } from '../../core/lookups/list-entry.ts';
import { toPlace, toSentPath } from '../../tracker/snapshot/place.ts';
import { openSnapshot } from './open-snapshot.ts';
import type { Setup } from '../setup.ts';

/**
 * Opens the entries of the named snapshot (`sample`: the built-in one), else of the installed one, with their normalised places, and a note if
 * it is old. Dates after tomorrow become ''. Rejects with `no-snapshot` if none is installed, else with `input`.
 */
export async function openList(
  name: string | undefined,
  setup: Pick<Setup, 'io' | 'signal'>,
): Promise<{ readonly list: List; readonly note: string | null }> {
  const { snapshot, note } = await openSnapshot(name, setup);
  const lastDay = toLatestDay(setup.io.now());
  const entries = snapshot.entries.map(({ date, covers, url, ip, family }) => ({
    ...{ date: date > lastDay ? '' : date, covers, url: url.trim(), ip: ip.trim(), family: family.trim() },
    ...toSentPlace(url),
  }));
  return { list: { date: snapshot.date, origin: snapshot.origin, entries }, note };
}

function toSentPlace(url: string): Pick<ListEntry, 'host' | 'port' | 'path'> {
  const place = toPlace(url);
  return { ...place, path: toSentPath(place.path) };
}
