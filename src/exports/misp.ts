import { createHash } from 'node:crypto';
import { toSafeJson } from '../core/safe-text.ts';
import { mergeIndicators } from '../documents/merged-indicator.ts';
import type { MispEvent } from '../documents/misp.ts';
import { toMispEvent, writeMispEvent } from '../documents/misp.ts';
import { documentFacts } from './document-facts.ts';
import type { ExportFormat, DirectoryFiles } from './export-format.ts';
import { toListIndicators } from './list-indicators.ts';
import { toLines } from './values.ts';

// A random UUID. It must never change: with another one, each fetch of the feed would add an event.
const LIST_EVENT = 'f9c526e2-ddf5-4abf-afdf-b1facbd50dbd';
const INFO = 'C2 panels on the list of CyberCrime Tracker';

/** A MISP feed: one event with all entries, the manifest, and the hashes that MISP uses for correlation. */
export const mispFormat: ExportFormat = {
  ...documentFacts,
  isDirectory: true,
  write(selection, leftOut) {
    const { indicators, entryCount } = toListIndicators(selection, leftOut);
    const merged = mergeIndicators(indicators);
    const count = merged.length;
    // MISP updates an event only if its time is newer.
    const render = (_: readonly string[], now: Date) => toFeed(toMispEvent(merged, { info: INFO, now, uuid: LIST_EVENT }));
    return { count, mergedCount: entryCount - count, render };
  },
};

function toFeed(event: MispEvent): DirectoryFiles {
  const { uuid, Orgc, Tag, info, date, analysis, threat_level_id, timestamp, Attribute: attributes } = event;
  const manifest = { [uuid]: { Orgc, Tag, info, date, analysis, threat_level_id, timestamp } };
  const values = new Set(attributes.map(({ value }) => value));
  return {
    [`${uuid}.json`]: [...writeMispEvent(event)].join(''),
    'manifest.json': `${toSafeJson(manifest)}\n`,
    'hashes.csv': toLines([...values].map((value) => `${toMd5(value)},${uuid}`)),
  };
}

/** MISP feeds require MD5 here. It has no security purpose. */
function toMd5(value: string): string {
  return createHash('md5').update(value).digest('hex');
}
