import { parseAuthority } from '../core/observables/host.ts';
import type { Finding, LinkWrapper } from '../core/observables/observable.ts';
import { decodePercent } from '../core/observables/percent.ts';
import type { Reading } from './format.ts';
import { wrapReading } from './wrap-reading.ts';

/** What a wrapper holds, or that it is one whose content cannot be decoded. */
export type Unwrapped = { readonly url: string; readonly derived: LinkWrapper } | { readonly isUndecodable: true };

interface Link {
  readonly service: LinkWrapper;
  /** Undefined where it cannot be decoded. */
  readonly inner: string | undefined;
}

const MAX_DEPTH = 5;
// Longer ones are built to cost time; mail gateways cut links at 4 KiB or less.
const MAX_LENGTH = 65_536;

const MAY_BE_WRAPPER = /safelinks|urldefense|teams/i;
const PARTS = /^https?:\/\/([^/?#\s]+)([^?#]*)(?:\?([^#]*))?/i;
const SAFE_LINKS = /^(?:[a-z\d-]+\.)*safelinks\.protection\.(?:outlook\.com|outlook\.cn|office365\.us)$/;
const TEAMS = /^statics(?:int)?\.teams\.cdn\.office\.net$/;
const URL_DEFENSE = /^urldefense\.(?:proofpoint\.)?(?:com|us)$/;

/** The URL inside a link of Safe Links or URL Defense, itself unwrapped; undefined for any other URL. */
export function unwrap(url: string): Unwrapped | undefined {
  const first = MAY_BE_WRAPPER.test(url) ? readWrapper(url) : undefined;
  if (!first) return undefined;
  let { inner } = first;
  for (let depth = 0; inner !== undefined; depth += 1) {
    const next = readWrapper(inner);
    if (!next) break;
    inner = depth < MAX_DEPTH ? next.inner : undefined;
  }
  return inner !== undefined && isWebUrl(inner) ? { url: inner, derived: first.service } : { isUndecodable: true };
}

function readWrapper(url: string): Link | undefined {
  const [, authority = '', path = '', query = ''] = PARTS.exec(url.slice(0, MAX_LENGTH)) ?? [];
  const { host } = parseAuthority(authority.toLowerCase());
  if (SAFE_LINKS.test(host) || (TEAMS.test(host) && path.includes('/safelinks/'))) {
    return { service: 'safelinks', inner: decodeValue(findParameter(query, 'url')) };
  }
  if (!URL_DEFENSE.test(host)) return undefined;
  return { service: 'urldefense', inner: url.length > MAX_LENGTH ? undefined : readUrlDefense(url, path, query) };
}

function readUrlDefense(url: string, path: string, query: string): string | undefined {
  if (/^\/v1\//i.test(path)) return decodeEntity(decodeValue(findParameter(query, 'u')));
  if (/^\/v2\//i.test(path)) {
    return decodeEntity(decodeValue(findParameter(query, 'u')?.replaceAll('-', '%').replaceAll('_', '/')));
  }
  return /^\/v3\/__/i.test(path) ? readVersion3(url) : undefined;
}

function findParameter(query: string, name: string): string | undefined {
  for (const pair of query.split(/&(?:amp;)?/i)) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).toLowerCase() === name) return pair.slice(equals + 1);
  }
  return undefined;
}

// The originals of the first two versions were encoded as HTML.
const decodeEntity = (text: string | undefined) => text?.replaceAll('&amp;', '&');

const decodeValue = (text: string | undefined) => (text === undefined ? undefined : decodePercent(text));

const RUN_LENGTHS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const SHORTEST_RUN = 2;

/** Puts the characters behind `__;` in the places of `*` and `**X`, where X is how many there are. */
function readVersion3(url: string): string | undefined {
  const start = url.toLowerCase().indexOf('/v3/__') + '/v3/__'.length;
  const end = url.indexOf('__;', start);
  const rewritten = end < 0 ? url.slice(start).replace(/__$/, '') : url.slice(start, end);
  // Some gateways collapse the slashes of a path.
  const template = (decodePercent(rewritten) ?? rewritten).replace(/^([a-z][a-z\d+.-]*:\/)(?=[^/])/i, '$1/');
  const [bytes = ''] = end < 0 ? [] : url.slice(end + '__;'.length).split('!', 1);
  const characters = Array.from(Buffer.from(bytes, 'base64url').toString('utf8'));
  let next = 0;
  const inner = template.replace(/\*(?:\*(.))?/gu, (_, run?: string) => {
    const length = run === undefined ? 1 : RUN_LENGTHS.indexOf(run) + SHORTEST_RUN;
    next += length >= SHORTEST_RUN || run === undefined ? length : Infinity;
    return characters.slice(next - length, next).join('');
  });
  return next <= characters.length && !inner.includes('\uFFFD') ? inner : undefined;
}

function isWebUrl(url: string): boolean {
  const [, authority] = /^(?:https?|ftps?):\/\/([^/?#\\\s]+)/i.exec(url) ?? [];
  return authority !== undefined && parseAuthority(authority).host !== '' && !/\p{Cc}/u.test(url);
}

/** Adds a finding; of a wrapped link only the URL inside it, while the wrapper, which names its recipient, is passed over. */
export function addUnwrapped(finding: Finding, reading: Reading, line?: number): void {
  const unwrapped = finding.type === 'url' ? unwrap(finding.value) : undefined;
  if (!unwrapped) {
    reading.add(finding);
    return;
  }
  reading.passOver('wrapper', finding.value, line);
  if ('url' in unwrapped) {
    reading.add({ type: 'url', value: unwrapped.url, derived: unwrapped.derived });
    return;
  }
  reading.noteOnce('a link that a mail gateway had rewritten could not be decoded and was passed over', line);
}

/** A reading that unwraps the links among what is added to it. */
export function unwrapInto(reading: Reading): Reading {
  const add: Reading['add'] = (finding) => {
    addUnwrapped(finding, reading);
    return undefined;
  };
  return wrapReading(reading, { add });
}
