import { isIpv4 } from '../core/observables/host.ts';
import type { Observable } from '../core/observables/observable.ts';
import { parseItem } from '../core/observables/item.ts';
import { refang } from '../text/refang.ts';

// The first columns of `--format csv`.
const HEADER = ['type', 'value', 'status', 'reason', 'source', 'answeredat'];

/** Whether plain names head the csv of cct itself. */
export function isOwnHeader(names: readonly string[]): boolean {
  return HEADER.every((name, at) => names[at] === name);
}

// The columns of the exported list.
const LIST_HEADER = ['ip', 'host', 'port', 'path', 'urlkey', 'family', 'firstlisted', 'shared'];

/** Whether plain names head the list that cct exported as csv. */
export function isListHeader(names: readonly string[]): boolean {
  return names.length === LIST_HEADER.length && LIST_HEADER.every((name, at) => names[at] === name);
}

/** The observable of a row of the exported list: a URL where it has a path or a port, else its host; undefined for a row without any. */
export function toListObservable([ip = '', host = '', port = '', path = '', key = '']: readonly string[]):
  Observable | undefined {
  // `*` is the path of a whole host.
  if (key !== '' && (port !== '' || (path !== '' && path !== '*'))) return { type: 'url', value: `http://${toUrl(key)}` };
  if (host === '') return ip === '' ? undefined : { type: 'ip', value: ip };
  return { type: isIpv4(host) ? 'ip' : 'domain', value: host };
}

/** A key is without the slash at the end of its path: one that is there would be taken for it. */
const toUrl = (key: string) => key.replace(/^[^?]*\/(?=\?|$)/, '$&/');

// A quote before what a spreadsheet would take for a formula.
const GUARD = /(^["\s]*|;["\s]*)'(?='*[=+\-@＝＋－＠])/g;
const FRONT = /^((?:[a-z][a-z0-9+.-]*:\/\/)?[^/?#\\]*)(.*)$/is;

/** The observable of a row: the value as it was before it was guarded and, with `--defang`, defanged. Throws `input` for an empty cell. */
export function toOwnObservable(type: string, cell: string, place: string): Observable {
  const observable = parseItem({ type, value: cell.replace(GUARD, '$1') }, place);
  const [, front = '', rest = ''] = FRONT.exec(observable.value) ?? [];
  return /^hxxp|\[\.\]/i.test(front) ? { ...observable, value: refang(front) + rest } : observable;
}
