import { isIpv4, isIpv6 } from '../core/host.ts';
import type { PassedOverReason } from './passed-over.ts';
import { BRACKETED_AT } from './defanged.ts';

/* IPv4 addresses in plain text, and what only looks like one: versions, ranges, parts of other things. */

// Enough to see a word, an IPv6 prefix, a mask or a second address beside it.
const CONTEXT_LENGTH = 48;

/** What four numbers and dots are where they stand. `end` is the index behind what belongs to them. */
export type Judgement =
  | { readonly type: 'ip' | 'url' | 'domain'; readonly value: string; readonly end: number }
  | { readonly reason: PassedOverReason; readonly end: number }
  | { readonly end: number };

const VERSION_WORDS = [
  'version|versión|versão|versione|versie|wersja|verze|verzia|verzió|verzija|versiunea|versioon|versjon|versio|versija',
  'версия|версії|версія|верзија|έκδοση|sürüm|phiên bản|版本号?|版|バージョン|버전|เวอร์ชัน|รุ่น|संस्करण|إصدار|الإصدار|נסחה|גרסה|نسخه',
  'release|revision|build|firmware|section|chapter|§|(?<![a-z])(?:v|ver|vers|rev|oid)',
].join('|');
const BETWEEN = String.raw`["'’”).:：=\s>|,(\[*_-]{0,6}(?:(?:is|are|was|of|no|nr|number|es|ist|est|é)\b[.:\s]{0,3})?["'(\[v]{0,2}`;
const BEHIND_VERSION = new RegExp(String.raw`(?<!(?:^|\s)-)(?:${VERSION_WORDS})s?${BETWEEN}$`, 'iu');
// The second one of `versions 1.2.3.4 and 1.2.3.5`.
const BETWEEN_VERSIONS = /^["')]{0,2}\s?(?:-|–|to|through|and|or|before|,|\/)\s?["'(]{0,2}v?$/i;

// Squid writes the way a request took before the address: `HIER_DIRECT/192.0.2.1`. A browser's version has no such word.
const SQUID_WAY = /(?:\bDIRECT|[A-Z]_[A-Z]+)\/$/;
// Bash: `/dev/tcp/192.0.2.1/4444`.
const DEVICE = /\/dev\/(?:tcp|udp)\/$/;
const BEHIND_SLASH = /[\p{L}\p{N}_.)][/\\]$/u;
const IN_DOTS = /(?<!\.)\.$/;
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

/** Why an address in strict dotted form is none where it stands; undefined where it is one. */
export function whyNoAddress(
  value: string,
  { text, start, end, from, isBehindVersion }: AddressContext,
): PassedOverReason | undefined {
  const before = text.slice(Math.max(from, start - CONTEXT_LENGTH), start);
  if (isBehindVersion && from > 0 && BETWEEN_VERSIONS.test(before)) return 'version';
  if (BEHIND_VERSION.test(before)) return 'version';
  const near = text.slice(Math.max(0, start - CONTEXT_LENGTH), start);
  if (IN_DOTS.test(near) || (BEHIND_HYPHEN.test(near) && from !== start - 1)) return 'number';
  const isWay = SQUID_WAY.test(near) || DEVICE.test(near) || /^:\d/.test(text.slice(end, end + 2));
  if (BEHIND_SLASH.test(near) && !isWay) return 'version';
  const prefix = /[0-9a-f:]*:$/i.exec(near)?.[0] ?? '';
  // A dual-stack server logs IPv4 clients as `::ffff:192.0.2.1`.
  if (prefix !== '' && !/^(?:::|(?:0{1,4}:){5})ffff:$/i.test(prefix) && isIpv6(prefix + value)) return 'other type';
  return undefined;
}

/** Whether an at sign stands straight before an index: a login, or a mail address. */
export function isBehindAt(text: string, start: number): boolean {
  return AT_END.test(text.slice(Math.max(0, start - 6), start));
}

const PREFIX = /^(?:\/|\[\/\])(\d{1,2})(?![\p{L}\p{N}_/?-]|\.[\p{L}\p{N}])/u;
const MASK =
  /^(?:(?:\/|\[\/\])|[ \t]{1,3}(?:mask |netmask )?)((?:255|254|252|248|240|224|192|128|0)\.(?:\d{1,3}\.){2}\d{1,3})(?![\w.])/;

/** The length of the prefix or netmask behind an address that make it a range; undefined for none. `/32` and a host's own prefix are none. */
export function lengthOfRange(value: string, rest: string): number | undefined {
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
