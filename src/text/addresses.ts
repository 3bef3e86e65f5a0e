import { isIpv4, isIpv6 } from '../core/host.ts';
import { DOT } from './defanged.ts';
import { isPrefixOrMask } from './hosts.ts';
import type { Found } from './urls.ts';

const NUMBERS = new RegExp(String.raw`\d+(?:${DOT}\d+)*`, 'gi');
const DOTS = new RegExp(DOT, 'gi');

// Four octets of three digits, and three dots of which none is longer than this.
const MAX_WRITTEN_LENGTH = 4 * 3 + 3 * '  [  dot  ]  '.length;
// Enough to see a word, an IPv6 prefix or a second address beside it.
const CONTEXT_LENGTH = 48;

/**
 * The IPv4 addresses in a line, in order, refanged: not versions, ranges, parts of names or of longer numbers. `urls` are those of the line,
 * in order: what stands in them says nothing of an address behind them, as in `http://panel.example/firmware 192.0.2.1`.
 */
export function findAddresses(line: string, urls: readonly Found[] = []): Found[] {
  const found: Found[] = [];
  let passed = 0;
  for (const { 0: written, index: start } of line.matchAll(NUMBERS)) {
    const end = start + written.length;
    if (written.length > MAX_WRITTEN_LENGTH) continue;
    const value = written.replace(DOTS, '.');
    if (!isIpv4(value)) continue;
    while ((urls[passed]?.end ?? Infinity) <= start) passed += 1;
    const before = line.slice(Math.max(urls[passed - 1]?.end ?? 0, start - CONTEXT_LENGTH), start);
    const after = line.slice(end, end + CONTEXT_LENGTH);
    const isRangeEnd = before.endsWith('-') && found.at(-1)?.end === start - 1;
    if ((isRangeEnd || mayPrecede(before, { value, after })) && mayFollow(after)) found.push({ value, start, end });
  }
  return found;
}

// Scripts that part words by blanks; Chinese or Japanese letters may touch an address.
const WORD = String.raw`\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}_`;
const IN_WORD = new RegExp(String.raw`(?:[${WORD}.]|[${WORD})\]]-)$`, 'u');
const BEHIND_SLASH = new RegExp(String.raw`[${WORD}.)][/\\]$`, 'u');
const VERSION_WORD = /(?:version|release|revision|build|firmware|section|chapter|§|(?<![a-z])(?:v|ver|oid))s?["'.:=\s]{0,4}$/i;
// Squid writes the way a request took before the address: `HIER_DIRECT/192.0.2.1`. A browser's version has no such word.
const SQUID_WAY = /(?:\bDIRECT|[A-Z]_[A-Z]+)\/$/;

function mayPrecede(before: string, { value, after }: { value: string; after: string }): boolean {
  if (IN_WORD.test(before) || VERSION_WORD.test(before)) return false;
  if (BEHIND_SLASH.test(before) && !SQUID_WAY.test(before) && !/^:\d/.test(after)) return false;
  const prefix = /[0-9a-f:]*:$/i.exec(before)?.[0] ?? '';
  // A dual-stack server logs IPv4 clients as `::ffff:192.0.2.1`.
  return prefix === '' || prefix.toLowerCase() === '::ffff:' || !isIpv6(prefix + value);
}

const GOES_ON = new RegExp(String.raw`^(?:[${WORD}]|${DOT}[${WORD}]|-(?!\d{1,3}(?:${DOT}\d{1,3}){3})[${WORD}])`, 'iu');

function mayFollow(after: string): boolean {
  return !GOES_ON.test(after) && !isPrefixOrMask(after);
}
