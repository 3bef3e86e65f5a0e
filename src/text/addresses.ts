import { isIpv6 } from '../core/observables/host.ts';
import type { PassedOverReason } from './passed-over.ts';
import { BRACKETED_AT } from './defanged.ts';
import { isBehindRequirement, isBehindVersionWord, isComparedVersion, isInPlatform, joinsVersions } from './versions.ts';

/* Whether four numbers in plain text are an IPv4 address, or a version or a part of something longer. */

// May end an at sign, or the blank after it. Quick to test.
const MAY_BE_AT = /[@＠0\])}]\s{0,2}$/;
// Enough to see a word, an IPv6 prefix, a mask or a second address beside it.
const CONTEXT_LENGTH = 48;

/** Squid's hierarchy code before an address: `HIER_DIRECT/192.0.2.1`. Versions in a User-Agent have no such word before them. */
export const SQUID_WAY = /(?:\bDIRECT|[A-Z]_[A-Z]+)\/$/;
// dnsmasq: `server=/panel.example/192.0.2.1`.
const DNSMASQ = /=(?:\/[^\s/]+)+\/$/;
// Bash: `/dev/tcp/192.0.2.1/4444`.
const DEVICE = /\/dev\/(?:tcp|udp)\/$/;
const MAY_BE_PART = /(?:[-.:/\\=]|%2f)$/i;
// In the query of a URL: `ua=Mozilla%2F5.0%20Chrome%2F112.0.0.0`.
const ENCODED_SLASH = /%2f$/i;
const ENCODED_BLANK = /%20|\+/g;
// The word before a slash, and the mark before the word: a path has another slash there.
const BEHIND_SLASH = /(^|[^\p{L}\p{N}_.@-])([\p{L}\p{N}_.@-]*[\p{L}\p{N}_.)])[/\\]$/u;
// Products in a User-Agent begin with a capital or are one of these.
const PRODUCT =
  /^(?:\p{Lu}|curl|wget|python|okhttp|node|go|java|libwww|nginx|apache|openssl|php|requests|urllib|axios|git|npm|ruby|perl|lua)/u;
const BEHIND_HYPHEN = /[\p{L}\p{N}_)\]]-$/u;
const BRACED_AT = String.raw`(?:${BRACKETED_AT}|\{\s?(?:@|at)\s?\})`;
const AT_END = new RegExp(String.raw`(?:[@＠]|%40|${BRACED_AT}\s{0,2})$`, 'i');
const AT_START = new RegExp(String.raw`^(?:[@＠]|%40|\s{0,2}${BRACED_AT})`, 'i');

/** The context of one address. */
export interface AddressContext {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Where the last find ends, or the last piece that was passed over: text before this index is not evidence about this address. */
  readonly from: number;
  /** Whether that piece was a version. */
  readonly isBehindVersion: boolean;
}

/** Why a dotted-quad text is not an address in its context; undefined if it is. */
export function whyNoAddress(value: string, context: AddressContext): PassedOverReason | undefined {
  const { text, start, end, from, isBehindVersion } = context;
  if (isBehindVersion && from > 0 && joinsVersions(text.slice(from, start))) return 'version';
  if (isBehindVersionWord(text, start, from) || isComparedVersion(text, start, end)) return 'version';
  return MAY_BE_PART.test(text.slice(Math.max(0, start - 3), start)) ? whyPart(value, context) : undefined;
}

/** Why an address after one of these marks is part of something else; undefined if it is not. */
function whyPart(value: string, { text, start, end, from }: AddressContext): PassedOverReason | undefined {
  const near = text.slice(Math.max(0, start - CONTEXT_LENGTH), start);
  switch (near.at(-1)) {
    case '.':
      return near.endsWith('..') ? undefined : 'number';
    case '-':
      return BEHIND_HYPHEN.test(near) && from !== start - 1 ? 'number' : undefined;
    case '=':
      return isBehindRequirement(near) ? 'version' : undefined;
    case ':':
      if (isBehindIpv6(near, value)) return 'other type';
      return isInPlatform(text, start) ? 'version' : undefined;
    default:
      return isBehindProduct(near) && !/^:\d/.test(text.slice(end, end + 2)) ? 'version' : undefined;
  }
}

/** Whether an address is the end of an IPv6 address. */
function isBehindIpv6(near: string, value: string): boolean {
  const groups = /[0-9a-f:]*:$/i.exec(near)?.[0] ?? '';
  // A dual-stack server logs IPv4 clients as `::ffff:192.0.2.1`.
  return !/^(?:::|(?:0{1,4}:){5})ffff:$/i.test(groups) && isIpv6(groups + value);
}

/** Whether a text ends with a product or directory and a slash, so that a version follows. */
function isBehindProduct(near: string): boolean {
  const decoded = ENCODED_SLASH.test(near) ? near.replace(ENCODED_BLANK, ' ').replace(ENCODED_SLASH, '/') : near;
  const [, mark = '', word = ''] = BEHIND_SLASH.exec(decoded) ?? [];
  const isPartOfPath = /[/\\)]/.test(mark + word);
  return word !== '' && (isPartOfPath || PRODUCT.test(word)) && ![SQUID_WAY, DNSMASQ, DEVICE].some((way) => way.test(near));
}

/** Whether an at sign is before an index, as in a login or mail address. */
export function isBehindAt(text: string, start: number): boolean {
  return MAY_BE_AT.test(text.slice(Math.max(0, start - 3), start)) && AT_END.test(text.slice(Math.max(0, start - 8), start));
}

/** Whether an at sign is after an index. */
export function isBeforeAt(text: string, end: number): boolean {
  return AT_START.test(text.slice(end, end + 8));
}
