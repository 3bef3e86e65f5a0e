import type { Observable } from '../core/observable.ts';
import { parseItem } from '../core/item.ts';
import { refang } from '../text/refang.ts';

// The first columns of `--format csv`.
const HEADER = ['type', 'value', 'status', 'reason', 'source', 'answeredat'];

/** Whether plain names head the csv of cct itself. */
export function isOwnHeader(names: readonly string[]): boolean {
  return HEADER.every((name, at) => names[at] === name);
}

// A quote before what a spreadsheet would take for a formula.
const GUARD = /(^["\s]*|;["\s]*)'(?='*[=+\-@＝＋－＠])/g;
const FRONT = /^((?:[a-z][a-z0-9+.-]*:\/\/)?[^/?#\\]*)(.*)$/is;

/** The observable of a row: the value as it was before it was guarded and, with `--defang`, defanged. Throws `input` for an empty cell. */
export function toOwnObservable(type: string, cell: string, place: string): Observable {
  const observable = parseItem({ type, value: cell.replace(GUARD, '$1') }, place);
  const [, front = '', rest = ''] = FRONT.exec(observable.value) ?? [];
  return /^hxxp|\[\.\]/i.test(front) ? { ...observable, value: refang(front) + rest } : observable;
}
