import type { Observable } from '../core/observables/observable.ts';
import { toObservable } from '../text/detect-type.ts';
import { endsLikeFile } from '../text/file-endings.ts';
import { isTopLevelDomain } from '../text/names.ts';
import type { Extraction } from '../text/extract.ts';
import { extractObservables } from '../text/extract.ts';
import type { Reading } from './format.ts';
import { addUnwrapped } from './wrapped-url.ts';

/** Adds the observables in text, refanged, and passes over what only looks like one. `line` is where the text begins. */
export function searchText(text: string, reading: Reading, line?: number): void {
  addExtraction(extractObservables(text), reading, line);
}

/** Adds what was extracted from text. */
export function addExtraction({ found, passedOver }: Extraction, reading: Reading, line?: number): void {
  for (const observable of found) addUnwrapped(observable, reading, line);
  for (const { reason, text: piece } of passedOver) reading.passOver(reason, piece, line);
}

/** Adds one value, refanged, with its type detected; one that is no single address, URL or domain is searched as text. */
export function addValue(value: string, reading: Reading, line?: number): void {
  const observable = toObservable(value);
  if (observable) addUnwrapped(observable, reading, line);
  else searchText(value, reading, line);
}

/** The same for a cell, a field or a string, which may hold several URLs, or one among other words: that is searched as text too. */
export function addCell(value: string, reading: Reading, line?: number): void {
  const observable = toObservable(value);
  if (!observable || holdsMore(observable)) searchText(value, reading, line);
  else if (isFileName(observable)) reading.passOver('file name', observable.value, line);
  else addUnwrapped(observable, reading, line);
}

function isFileName({ type, value }: Observable): boolean {
  return type === 'domain' && endsLikeFile(value) && !isTopLevelDomain(value.slice(value.lastIndexOf('.') + 1).toLowerCase());
}

const WITH_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const MARKUP_OR_URL = /[^\S ]|[\p{Cc}<>"]|[ ,;|][a-z][a-z0-9+.-]{1,30}:\/\//iu;

/** Whether a value with a scheme is more than one URL: it contains white space, markup or another URL. */
export function holdsMore({ type, value }: Observable): boolean {
  if (type !== 'url' || !WITH_SCHEME.test(value)) return false;
  return MARKUP_OR_URL.test(value) || (value.includes(' ') && !hasBlankPath(value));
}

// A path segment without spaces may be anything; in one with spaces, every word starts with a letter or digit.
const NAMES = /^(?:[^ ]*|(?:[\p{L}\p{N}_%][\p{L}\p{N}_%.~+-]*(?: |$))*)$/u;
const LAST_NAME = /^(?:[\w%.~+-]*\.[a-z][a-z0-9]{1,4})?$/;

/** Whether spaces are within the path, as in `/Web Panel/index.php` or `/a b?c`: at its end they may separate words that follow. */
function hasBlankPath(url: string): boolean {
  const [path = ''] = url.split(/[?#]/, 1);
  const names = path.split('/').slice(3);
  const hasQuery = /^\?\S+$/.test(url.slice(path.length));
  const last = hasQuery ? '' : (names.pop() ?? '');
  if (url.includes(' ', path.length) || !LAST_NAME.test(last) || !names.every((name) => NAMES.test(name))) return false;
  return extractObservables(path.slice(path.indexOf(' '))).found.length === 0;
}
