import ipaddr from 'ipaddr.js';
import {
  BRACKETED_AT,
  BRACKETED_COLON,
  BRACKETED_SLASH,
  BROKEN_SEPARATOR,
  DOT,
  ESCAPED_DOT,
  INVISIBLE_CHARACTERS,
  KNOWN_SCHEME,
  LOOSE_SEPARATOR,
  SEPARATOR,
  toRealScheme,
  toVisibleText,
} from './defanged.ts';
import { LABEL_CHARACTERS } from './characters.ts';

/**
 * Undoes the defanging of one value: an address, name, or URL with or without scheme. Returns a value unchanged if it is not defanged or
 * has no valid host, so a second call changes nothing.
 */
export function refang(value: string): string {
  if (UNMARKED.test(value)) return value;
  const written = trimInvisible(value).replace(MARKDOWN_BRACKETS, '[$1]');
  const live = refangTrimmed(written);
  return live === value.trim() ? value : live;
}

// Most values: they contain nothing that could be defanged.
const UNMARKED = /^(?![a-z]{3,6}(?::?__|_?\/\/))(?:(?:https?|ftps?):\/\/)?[\w.-]*(?::\d+)?(?:[/?#][\x21-\x27*-Z^-z|~]*)?$/i;
const BLANK_OR_INVISIBLE = new RegExp(`[\\s${INVISIBLE_CHARACTERS}]`);

function trimInvisible(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && BLANK_OR_INVISIBLE.test(text.charAt(start))) start += 1;
  while (end > start && BLANK_OR_INVISIBLE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

// Markdown escapes the brackets: `192.0.2\[.\]1`.
const MARKDOWN_BRACKETS = /\\\[(\s?(?:\.|dot|[:/@]|at)\s?)\\\]/gi;

const HEAD = new RegExp(
  String.raw`^(?:(${KNOWN_SCHEME}(?=${SEPARATOR}|${LOOSE_SEPARATOR}|${BROKEN_SEPARATOR}))(${SEPARATOR}|${LOOSE_SEPARATOR}|${BROKEN_SEPARATOR})|([a-z][a-z0-9+.-]{1,60})(${SEPARATOR}))`,
  'i',
);

// A backslash before a dot is a defanged dot; any other ends the host, as for a URL parser.
const FRONT_END = new RegExp(String.raw`${BRACKETED_SLASH}|[/?#]|\\(?!\\{0,3}\.)`);

// A host has at most 253 characters (RFC 1035); the rest is room for brackets and a user.
const MAX_FRONT_LENGTH = 2048;

function refangTrimmed(written: string): string {
  const [head = '', known, knownSeparator, unknown, separator = knownSeparator ?? ''] = HEAD.exec(written) ?? [];
  const body = written.slice(head.length);
  const end = body.search(FRONT_END);
  const front = end === -1 ? body : body.slice(0, end);
  if (front.length > MAX_FRONT_LENGTH) return written;

  // Cisco's mail gateways break links with blanks; no other defanging has one right after the scheme.
  const host = refangFront(known !== undefined && /^\s/.test(front) ? joinBlanks(front) : front);
  if (!isBelievable(host)) return written;

  const scheme = head === '' ? '' : `${toRealScheme(known ?? unknown ?? '')}://`;
  const rest = refangRest(end === -1 ? '' : body.slice(end), {
    isDefanged: scheme !== head || host !== front,
    hasBackslashes: separator.includes('\\'),
    isExpression: HOLDS_ESCAPED_DOT.test(front),
  });
  return scheme + host + rest;
}

function joinBlanks(front: string): string {
  return front.trim().replace(/\s+(?=[.:[({\\])/g, '');
}

const DOTS = new RegExp(String.raw`(?<=[${LABEL_CHARACTERS}])${DOT}(?=[${LABEL_CHARACTERS}])`, 'giu');
const LAST_DOT = /(?<=[^[])\[\.\]$/;
const COLONS = new RegExp(BRACKETED_COLON, 'g');
// `[::]` alone is an IPv6 address; after a group of one it is two defanged colons.
const DOUBLE_COLONS = /(?<=[0-9a-f])\[::\]/gi;
const ATS = new RegExp(BRACKETED_AT, 'gi');

function refangFront(front: string): string {
  return toVisibleText(front)
    .replace(ATS, '@')
    .replace(DOTS, '.')
    .replace(LAST_DOT, '.')
    .replace(DOUBLE_COLONS, '::')
    .replace(COLONS, ':');
}

/** Whether a host contains nothing that only defanging or prose would have left in it. */
function isBelievable(front: string): boolean {
  const at = front.lastIndexOf('@');
  if (/[\s[\](){}\\]/.test(front.slice(0, Math.max(at, 0)))) return false;
  const hostAndPort = front.slice(at + 1);
  if (!/[\p{L}\p{N}]|^\[::\]/u.test(hostAndPort)) return false;
  return /^(?:\[[0-9a-f:.]+\]|[^\s[\](){}\\:]+)(?::\d+)?$/i.test(hostAndPort) || ipaddr.IPv6.isValid(hostAndPort);
}

// Brackets within brackets or after a backslash have another meaning.
const unnested = (pattern: string) => new RegExp(String.raw`(?<![[(\\])(?:${pattern})(?![\])])`, 'gi');
const CERTAIN_DOTS = unnested(String.raw`\[\.\]`);
const REST_DOTS = unnested(String.raw`\[\s{0,2}(?:\.|dot)\s{0,2}\]|\((?:\.|dot)\)`);
const REST_MARKS = unnested(String.raw`\[(:\/\/|[:/@])\]`);
const REST_SCHEMES = /(?<![a-z\d])hxxp(?=s?(?::|\[:))/gi;

const ESCAPED_DOTS = new RegExp(ESCAPED_DOT, 'g');
const HOLDS_ESCAPED_DOT = new RegExp(ESCAPED_DOT);

interface RestContext {
  readonly isDefanged: boolean;
  readonly hasBackslashes: boolean;
  /** Whether the host is written as in a regular expression, where a path is `/gate\.php$`. */
  readonly isExpression: boolean;
}

/** Real paths and queries contain brackets too: most forms count only after a defanged scheme or host. */
function refangRest(rest: string, { isDefanged, hasBackslashes, isExpression }: RestContext): string {
  if (!isDefanged && !rest.startsWith('[/]')) return rest.replace(CERTAIN_DOTS, '.');
  let plain = rest.replace(/^\[\/\]/, '/');
  if (hasBackslashes) plain = plain.replace(/\\\/?/g, '/');
  else if (isExpression && HOLDS_ESCAPED_DOT.test(plain))
    plain = plain.replace(ESCAPED_DOTS, '.').replace(/\$(?:\/[imsU]{0,4})?$/, '');
  return plain.replace(REST_SCHEMES, 'http').replace(REST_DOTS, '.').replace(REST_MARKS, '$1');
}
