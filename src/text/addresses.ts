import { isIpv4, isIpv6 } from '../core/host.ts';
import type { PassedOverReason } from './passed-over.ts';
import { BRACKETED_AT } from './defanged.ts';
import { UNSPACED } from './hosts.ts';

/* IPv4 addresses in plain text, and what only looks like one: versions, ranges, parts of other things. */

// Enough to see a word, an IPv6 prefix, a mask or a second address beside it.
const CONTEXT_LENGTH = 48;

const VERSION_WORDS = [
  'version|versión|versão|versione|versie|wersja|verze|verzia|verzió|verzija|versiunea|versioon|versjon|versio|versija',
  'версия|версії|версія|верзија|έκδοση|sürüm|bản|版本|版本号|版|バージョン|버전|เวอร์ชัน|รุ่น|संस्करण|إصدار|נסחה|גרסה|نسخه',
  'release|revision|build|firmware|section|chapter|§',
].join('|');
// Longer words may end in it (`AssemblyFileVersion`); the short ones stand alone.
const VERSION_WORD = new RegExp(`(?:${VERSION_WORDS})s?$|^(?:v|ver|vers|rev|oid)s?$`, 'iu');
const CONNECTIVE = /^(?:is|are|was|of|no|nr|number|es|ist|est|é)$/i;
// The second one of `versions 1.2.3.4 and 1.2.3.5`.
const BETWEEN_VERSIONS = /^["')]{0,2}\s?(?:-|–|to|through|and|or|before|,|\/)\s?["'(]{0,2}v?$/i;

/** Squid writes the way a request took before the address: `HIER_DIRECT/192.0.2.1`. A browser's version has no such word. */
export const SQUID_WAY = /(?:\bDIRECT|[A-Z]_[A-Z]+)\/$/;
// Bash: `/dev/tcp/192.0.2.1/4444`.
const DEVICE = /\/dev\/(?:tcp|udp)\/$/;
const MAY_BE_PART = /[-.:/\\]/;
// What stands before a slash; a path has another slash before that.
const BEHIND_SLASH = /(^|[^\p{L}\p{N}_.@-])([\p{L}\p{N}_.@-]*[\p{L}\p{N}_.)])[/\\]$/u;
// Products of a User-Agent have a capital, or are one of these.
const PRODUCT =
  /^(?:\p{Lu}|curl|wget|python|okhttp|node|go|java|libwww|nginx|apache|openssl|php|requests|urllib|axios|git|npm|ruby|perl|lua)/u;
const BEHIND_HYPHEN = /[\p{L}\p{N}_)\]]-$/u;
const AT_END = new RegExp(`(?:@|${BRACKETED_AT})$`, 'i');

/** The context of one address. */
export interface AddressContext {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Where the last thing that was found or passed over ends; what stands before says nothing of this one. */
  readonly from: number;
  /** Whether that was a version. */
  readonly isBehindVersion: boolean;
}

/** Why a dotted-quad text is not an address in its context; undefined if it is. */
export function whyNoAddress(value: string, context: AddressContext): PassedOverReason | undefined {
  const { text, start, from, isBehindVersion } = context;
  if (isBehindVersion && from > 0 && BETWEEN_VERSIONS.test(text.slice(from, start))) return 'version';
  if (isBehindVersionWord(text, start, from)) return 'version';
  return MAY_BE_PART.test(text.slice(start - 1, start)) ? whyPart(value, context) : undefined;
}

/** Why an address behind one of these marks is part of something else. */
function whyPart(value: string, { text, start, end, from }: AddressContext): PassedOverReason | undefined {
  const near = text.slice(Math.max(0, start - CONTEXT_LENGTH), start);
  switch (near.at(-1)) {
    case '.':
      return near.endsWith('..') ? undefined : 'number';
    case '-':
      return BEHIND_HYPHEN.test(near) && from !== start - 1 ? 'number' : undefined;
    case ':':
      return isBehindIpv6(near, value) ? 'other type' : undefined;
    default:
      return isBehindProduct(near) && !/^:\d/.test(text.slice(end, end + 2)) ? 'version' : undefined;
  }
}

/** Whether the groups of an IPv6 address stand before an address, so that it is the end of that. */
function isBehindIpv6(near: string, value: string): boolean {
  const groups = /[0-9a-f:]*:$/i.exec(near)?.[0] ?? '';
  // A dual-stack server logs IPv4 clients as `::ffff:192.0.2.1`.
  return !/^(?:::|(?:0{1,4}:){5})ffff:$/i.test(groups) && isIpv6(groups + value);
}

/** Whether a product or a folder with its slash ends a text, so that a version follows. */
function isBehindProduct(near: string): boolean {
  const [, mark = '', word = ''] = BEHIND_SLASH.exec(near) ?? [];
  const isPartOfPath = /[/\\)]/.test(mark + word);
  return word !== '' && (isPartOfPath || PRODUCT.test(word)) && !SQUID_WAY.test(near) && !DEVICE.test(near);
}

const MAX_GAP = 8;
const MAX_WORD = 24;
const ENDS_GAP = /[\d/\\;{}@#&?<]/;

/** Whether the word before an index, or the one before `is` or `no.`, is one for a version. A flag as `-v` is none. */
function isBehindVersionWord(text: string, start: number, from: number): boolean {
  const last = wordBefore(text, start, from);
  if (!last) return false;
  const word = CONNECTIVE.test(last.word) ? (wordBefore(text, last.start, from) ?? last) : last;
  const isFlag = text.charAt(word.start - 1) === '-' && !/\S/.test(text.charAt(word.start - 2));
  return !isFlag && VERSION_WORD.test(word.word);
}

/** The word before an index, with a few marks and blanks between; undefined where a number or another mark stands there. */
function wordBefore(text: string, index: number, from: number): { word: string; start: number } | undefined {
  let end = index;
  while (end > from && index - end < MAX_GAP && !isLetter(text.charCodeAt(end - 1))) end -= 1;
  let start = end;
  while (start > from && end - start < MAX_WORD && isLetter(text.charCodeAt(start - 1))) start -= 1;
  return start === end || ENDS_GAP.test(text.slice(end, index)) ? undefined : { word: text.slice(start, end), start };
}

function isLetter(code: number): boolean {
  if (code < 0x80) return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
  const isPunctuation =
    (code >= 0x2000 && code < 0x2070) || (code >= 0x3000 && code < 0x3040) || (code >= 0xff00 && code < 0xff21);
  return code !== 0xa0 && !isPunctuation;
}

/** Whether an at sign stands straight before an index: a login, or a mail address. */
export function isBehindAt(text: string, start: number): boolean {
  return AT_END.test(text.slice(Math.max(0, start - 6), start));
}

const PREFIX = new RegExp(String.raw`^(?:\/|\[\/\])(\d{1,2})(?:(?=[${UNSPACED}])|(?![\p{L}\p{N}_/?]|[.-]+[\p{L}\p{N}]))`, 'u');
const MASK =
  /^(?:(?:\/|\[\/\])|[ \t]{1,3}(?:mask |netmask )?)((?:255|254|252|248|240|224|192|128|0)\.(?:\d{1,3}\.){2}\d{1,3})(?![\w.])/;

/** The length of the prefix or netmask behind an address that make it a range; undefined for none. `/32` and a host's own prefix are none. */
export function lengthOfRange(value: string, rest: string): number | undefined {
  if (!/^[/[ \t]/.test(rest)) return undefined;
  const prefix = PREFIX.exec(rest);
  if (prefix) return isNetwork(value, Number(prefix[1])) ? prefix[0].length : undefined;
  const mask = MASK.exec(rest);
  return mask && isMask(mask[1] ?? '') ? mask[0].length : undefined;
}

/** Whether an address has no bits behind a prefix of this length, so that it names a network. */
function isNetwork(address: string, bits: number): boolean {
  return (
    bits < 32 &&
    toBits(address)
      .slice(bits)
      .every((bit) => bit === '0')
  );
}

/** Whether an address is a netmask, or one of Cisco's inverted ones. */
function isMask(address: string): boolean {
  return isIpv4(address) && /^(?:1+0*|0+1+)$/.test(toBits(address).join(''));
}

function toBits(address: string): string[] {
  return address.split('.').flatMap((octet) => Number(octet).toString(2).padStart(8, '0').split(''));
}
