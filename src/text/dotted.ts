import { isIpv4 } from '../core/observables/host.ts';
import { SQUID_WAY, isBeforeAt, isBehindAt, whyNoAddress } from './addresses.ts';
import { BRACKETED_COLON, BRACKETED_SLASH, DOT, ESCAPED_DOT, toVisibleText } from './defanged.ts';
import { isDnsPath, isInDnsLog, isInDnsmasqOption } from './dns-lines.ts';
import { isDomain, isSchemelessUrl } from './hosts.ts';
import { maskBehind } from './masks.ts';
import { hasPlainEnding, whyNoDomain } from './names.ts';
import { withoutDottedPort } from './packets.ts';
import type { PassedOverReason } from './passed-over.ts';
import { type Run, endBeforeCompound, endBeforeSentence, trimRun } from './runs.ts';
import { endOfRest, trimEnd } from './url-ends.ts';
import { refang } from './refang.ts';

/* Labels or numbers with dots between them in plain text, with what follows: addresses, names, and URLs without a scheme. */

/** What a run is: neither `type` nor `reason` if it is only text. `end` is the index behind all that belongs to it. */
export interface Judged {
  readonly type?: 'ip' | 'url' | 'domain';
  readonly reason?: PassedOverReason;
  readonly value?: string;
  readonly end: number;
}

const DOTS = new RegExp(DOT, 'g');
const ESCAPED_DOTS = new RegExp(ESCAPED_DOT, 'g');
// Far above the length of any host.
const MAX_RUN_LENGTH = 1024;

/** What stands before a run. */
export interface Before {
  /** The index behind what was found or passed over last. */
  readonly from: number;
  readonly isVersion: boolean;
}

/** Decides what a run is and where it ends, with its port, path or mask. */
export function judgeRun(text: string, run: Run, before: Before): Judged {
  if (run.end - run.start > MAX_RUN_LENGTH) return { end: run.end };
  const isUsual = USUAL.test(text.slice(run.start, run.end)) && text.slice(run.start - 1, run.start) !== '%';
  const { start, end } = isUsual ? run : trimRun(text, run);
  if (start >= end) return { end: run.end };
  const asWritten = isUsual ? text.slice(start, end) : toVisibleText(text.slice(start, end));
  const withPlainDots = isUsual ? asWritten : asWritten.replace(DOTS, '.');
  if (/^[\d.-]+$/.test(withPlainDots)) return judgeNumbers(withPlainDots, { text, start, end, before });
  // An escaped dot is not evidence of defanging: regular expressions and Windows paths (`bob\.ssh`) have it too.
  const isDefanged = !isUsual && withPlainDots !== asWritten.replace(ESCAPED_DOTS, '.');
  const wordStart = Math.min(endBeforeSentence(text, start, end), endBeforeCompound(text, start, end));
  if (wordStart < end && (isDefanged || isCertainHost(text.slice(start, wordStart))))
    return judgeRun(text, { start, end: wordStart }, before);
  const isEscaped = !isDefanged && withPlainDots !== asWritten;
  return judgeName(withPlainDots, { text, start, end, before, isDefanged, isEscaped });
}

/** Whether a word with a capital behind this is a new sentence, and one with a hyphen not part of the name, not the name of a class as in `java.net.Socket`. */
function isCertainHost(host: string): boolean {
  return /\d$|^www\./i.test(host) || hasPlainEnding(host);
}

// Nearly all runs.
const USUAL = /^[a-z0-9][a-z0-9.-]*[a-z0-9]$/i;

interface Where {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly before: Before;
}

const PORT = new RegExp(String.raw`^(?::|${BRACKETED_COLON})(\d{1,5})(?!\d|:\d|\.\d)`);
const PATH = new RegExp(String.raw`^(?:\/|${BRACKETED_SLASH}|\?(?=[\w.%-]+=))`);
// What follows a port or protocol is not the rest of a path.
const NO_PATH = String.raw`(?![\p{L}\p{N}_/?=&%#~]|[-.:+]+[\p{L}\p{N}])`;
// Logs of firewalls: `192.0.2.1/51514(user)`, `192.0.2.1/51514->198.51.100.7/443`, `192.0.2.1:443/tcp`.
const SLASHED_PORT = new RegExp(String.raw`^(?::\d{1,5})?\/(?:\d{1,5}(?:\/(?:tcp|udp|sctp))?|tcp|udp|sctp|icmp)${NO_PATH}`, 'iu');
// `panel.example:443/tcp`
const PROTOCOL = new RegExp(String.raw`^\/(?:tcp|udp|sctp)${NO_PATH}`, 'iu');

function judgeNumbers(value: string, where: Where): Judged {
  const { text, start, end, before } = where;
  const ends = value.includes('-') ? /^(\d+(?:\.\d+){3})-\d+(?:\.\d+){3}$/.exec(value) : null;
  if (ends) {
    // The other end of the range becomes the next run.
    const half = start + text.slice(start, end).lastIndexOf('-');
    return judgeNumbers(ends[1] ?? '', { ...where, end: half });
  }
  if (!MAY_BE_ADDRESS.test(value)) return { end };
  const address = isIpv4(value) ? value : (withoutDottedPort(value, where) ?? value);
  if (!isIpv4(address)) return { reason: LAST_RANGE.test(value) ? 'range' : 'number', value, end };
  const reason = whyNoAddress(address, { text, start, end, from: before.from, isBehindVersion: before.isVersion });
  if (reason !== undefined) return { reason, value, end };
  const mask = maskBehind(address, text.slice(end, end + 48));
  if (mask?.isRange) return { reason: 'range', value: text.slice(start, end + mask.length), end: end + mask.length };
  const next = text.slice(end, end + 24);
  const behind = mask?.length ?? (/^[:/]/.test(next) ? SLASHED_PORT.exec(next)?.[0].length : undefined);
  if (behind !== undefined) return { type: 'ip', value: address, end: end + behind };
  const rest = restBehind(where);
  const isUrl = rest !== undefined && rest.path !== '' && isSchemelessUrl(rest.value);
  return isUrl ? { type: 'url', value: rest.value, end: rest.end } : { type: 'ip', value: address, end: rest?.end ?? end };
}

// `192.0.2.14-20`
const LAST_RANGE = /^(?:\d{1,3}\.){3}\d{1,3}-\d{1,3}$/;
const MAY_BE_ADDRESS = /^(?:[^.]*\.){3}/;

const MAY_GO_ON = /[:/?[({]/;

/** The port and path behind a host, and the whole refanged; undefined for neither. */
function restBehind({ text, start, end }: Where): { value: string; port: string; path: string; end: number } | undefined {
  if (!MAY_GO_ON.test(text.slice(end, end + 1))) return undefined;
  const [portText = '', port = ''] = PORT.exec(text.slice(end, end + 10)) ?? [];
  const hasPort = port !== '' && Number(port) <= 65_535;
  const from = hasPort ? end + portText.length : end;
  const [protocol = ''] = hasPort ? (PROTOCOL.exec(text.slice(from, from + 24)) ?? []) : [];
  const path = protocol === '' ? PATH.exec(text.slice(from, from + 64)) : null;
  if (!path) return hasPort ? { value: refang(text.slice(start, from)), port, path: '', end: from + protocol.length } : undefined;
  const restEnd = endOfRest(text, { start, from });
  const value = refang(trimEnd(text.slice(start, restEnd)));
  return { value, port, path: trimEnd(text.slice(from, restEnd)), end: restEnd };
}

/** Whether a port or path starts behind a host. */
function startsRest({ text, end }: Where): boolean {
  const next = text.slice(end, end + 64);
  return MAY_GO_ON.test(next.slice(0, 1)) && (PATH.test(next) || Number(PORT.exec(next)?.[1] ?? Infinity) <= 65_535);
}

interface NameWhere extends Where {
  readonly isDefanged: boolean;
  /** Whether it is defanged by backslashes only. */
  readonly isEscaped: boolean;
}

// `192.0.2.xxx`
const MASKED_ADDRESS = /^(?=(?:\w{1,3}\.){3}\w{1,3}$)(?:\d+\.)+x+(?:\.x+)*$/i;
// `IP192.0.2.1`, in scripts without blanks.
const LABELLED_NUMBERS = /^ip((?:\d{1,3}\.){3}\d{1,3})$/i;
// `foo_192.0.2.1`
const HOLDS_ADDRESS = /(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)/;
const VERSION = /^v\d+(?:\.\d+){3}$/i;
const ADDRESS_PATH = /^\/(?=\d{1,3}(?:\.\d{1,3}){3}(?![\w.]))/;
// `panel.example(192.0.2.1)` is a name and its address.
const CALL_OR_COMPARISON = /^(?:\((?!\d)|\s{0,2}(?:[=!]==?|=~|!~)\s?["'])/;
// WebDAV: `\\panel.example@SSL\share`, `\\panel.example@8080\share`.
const WEBDAV = /^@(?:SSL(?:@\d{1,5})?|\d{1,5})[\\/]/i;

function judgeName(value: string, where: NameWhere): Judged {
  const { text, start, end, isDefanged, isEscaped } = where;
  if (isBehindAt(text, start)) return { reason: 'mail address', value, end };
  if (isBeforeAt(text, end)) return isWebDav(text, start, end) && isDomain(value) ? { type: 'domain', value, end } : { end };
  if (isInDnsmasqOption(text, start) && isDomain(value)) return { type: 'domain', value, end };
  if (VERSION.test(value)) return { reason: 'version', value, end };
  const numbers = LABELLED_NUMBERS.exec(value)?.[1];
  if (numbers !== undefined) return judgeNumbers(numbers, { ...where, start: start + value.length - numbers.length });
  if (MASKED_ADDRESS.test(value)) return { reason: 'range', value, end };
  if (isEscaped ? isInEscapedPath(text, start, end) : isInPath(text, start)) return { reason: 'file name', value, end };
  const isCalled = CALL_OR_COMPARISON.test(text.slice(end, end + 8));
  const isLogged = isInDnsLog(text, start, end);
  const reason = whyNoDomain(value, { isDefanged, isAddressed: startsRest(where), isCalled, isLogged });
  if (reason !== undefined) return judgePacket(value, where) ?? toPassedOver(reason, value, end);
  // Java logs `panel.example/192.0.2.1:443`.
  if (ADDRESS_PATH.test(text.slice(end, end + 17)) && isDomain(value)) return { type: 'domain', value, end: end + 1 };
  // Only read here, where it is part of the find: it may be long, and must not be read twice.
  const rest = restBehind(where);
  const mayBeUrl = rest !== undefined && !isDnsPath(rest.path) && (rest.path !== '' || !['80', '443'].includes(rest.port));
  if (mayBeUrl && isSchemelessUrl(rest.value)) return { type: 'url', value: rest.value, end: rest.end };
  const restEnd = rest?.end ?? end;
  return isDomain(value) ? { type: 'domain', value, end: restEnd } : { reason: 'no such top-level domain', value, end: restEnd };
}

function toPassedOver(reason: PassedOverReason | 'silent', value: string, end: number): Judged {
  if (reason !== 'silent') return { reason, value, end };
  return HOLDS_ADDRESS.test(value) ? { reason: 'number', value, end } : { end };
}

/** Retries a rejected name without its dotted port or service: `panel.example.https: Flags`. */
function judgePacket(value: string, where: NameWhere): Judged | undefined {
  const host = withoutDottedPort(value, where);
  if (host === undefined) return undefined;
  if (isIpv4(host)) return { type: 'ip', value: host, end: where.end };
  const reason = whyNoDomain(host, { isDefanged: false, isAddressed: true, isCalled: false, isLogged: true });
  return reason === undefined && isDomain(host) ? { type: 'domain', value: host, end: where.end } : undefined;
}

function isWebDav(text: string, start: number, end: number): boolean {
  return WEBDAV.test(text.slice(end, end + 12)) && /[\\/]{2}$/.test(text.slice(Math.max(0, start - 2), start));
}

const BEHIND_DRIVE = /(?:^|[^\p{L}\p{N}])[a-z]:[/\\]{1,2}$/iu;
// `//panel.example/x` and `\\panel.example\share` name a host.
const IN_PATH = /(?:(?<![/\\])[/\\]|[\p{L}\p{N}_.-]\/{1,2})$/u;

function isInPath(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 40), start);
  return BEHIND_DRIVE.test(before) || (IN_PATH.test(before) && !SQUID_WAY.test(before));
}

// `/panel\.example$/`
const BEGINS_EXPRESSION = /(?:^|[\s"'(=,])\/$/;

/** Whether an escaped dot is the first character of a directory: `users\\bob\\.ssh\\keys`. */
function isInEscapedPath(text: string, start: number, end: number): boolean {
  if (text.slice(start - 1, start) === '\\' || /^\\+[a-z]/i.test(text.slice(end, end + 6))) return true;
  return isInPath(text, start) && !BEGINS_EXPRESSION.test(text.slice(Math.max(0, start - 2), start));
}
