import { toObservable } from '../text/detect-type.ts';
import { extractObservables } from '../text/extract.ts';
import type { Reading } from './format.ts';
import { addUnwrapped } from './wrapped-url.ts';

/** Adds the observables in text, refanged, and passes over what only looks like one. `line` is where the text begins. */
export function searchText(text: string, reading: Reading, line?: number): void {
  const { found, passedOver } = extractObservables(text);
  for (const observable of found) addUnwrapped(observable, reading, line);
  for (const { reason, text: piece } of passedOver) reading.passOver(reason, piece, line);
}

/** Adds one value, refanged, with its type detected; one that is no single address, URL or domain is searched as text. */
export function addValue(value: string, reading: Reading, line?: number): void {
  const observable = toObservable(value);
  if (observable) addUnwrapped(observable, reading, line);
  else searchText(value, reading, line);
}
