import { detectType, extractObservables } from '../text/extract.ts';
import { refang } from '../text/refang.ts';
import type { Reading } from './format.ts';

/** Adds the observables in text, refanged, and passes over what only looks like one. `line` is where the text begins. */
export function searchText(text: string, reading: Reading, line?: number): void {
  const { found, passedOver } = extractObservables(text);
  for (const observable of found) reading.add(observable);
  for (const { reason, text: piece } of passedOver) reading.passOver(reason, piece, line);
}

/** Adds one value, refanged, with its type detected; one that is no single address, URL or domain is searched as text. */
export function addValue(value: string, reading: Reading, line?: number): void {
  const live = refang(value.trim());
  const type = detectType(live);
  if (type === undefined) searchText(value, reading, line);
  else reading.add({ type, value: live });
}
