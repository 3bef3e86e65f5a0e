import { type Groups, type Kind, type Place, createReplacer } from './replace-pieces.ts';
import { WINDOWS_PATH, toDrivePath, toServerPath } from './windows-paths.ts';

const SCHEME = String.raw`(?:h[tx*]{2}ps?|ftp)`;
// Colours in saved terminal output (ECMA-48, SGR); grep also erases the rest of the line (EL).
const COLOUR = String.raw`\u001B\[[\d;]*[mK]`;
// In such a URL a backslash is a slash: `http:\\panel.example\new`.
const BACKSLASH_URL = String.raw`${SCHEME}(?::|\[:\])\\\\(?!\\*\/)[^\s"'<>\u001B]*`;
// An encoded URL within another URL is part of it.
const WHOLE_URL = String.raw`[a-z][a-z0-9*]{2,6}:\\{0,3}\/\\{0,3}\/[^\s"'<>\u001B]*`;
// JSON, C and YARA; doubled where one text holds another. Not `\new{`, a command of LaTeX. `\057` is octal.
const ESCAPE = String.raw`\\{1,4}(?:([nrtbfv]|0(?!\d))(?![a-z]*[{[])|0([4-7][0-7])|u([0-9a-f]{4})|x([0-9a-f]{2})|(["'/]))`;
const MARKDOWN_ESCAPE = String.raw`\\([[\](){}_*~\`+|<>#!&%?=:-])`;
// Pandoc writes `panel{[}.{]}example`.
const BRACED_BRACKET = String.raw`\{([[\]])\}`;
// Hyphens in names are defanged too: `my[-]panel.example`.
const BRACKETED_HYPHEN = String.raw`\[-\](?=[a-z\d-]{1,63}[.[({])`;
const NAMED_ENTITIES = new Map(
  Object.entries({
    ...{ amp: '&', quot: '"', lt: '<', gt: '>', apos: "'", nbsp: ' ', ensp: ' ', emsp: ' ', shy: '\u00AD', hellip: '…' },
    ...{ period: '.', colon: ':', sol: '/', lsqb: '[', rsqb: ']', lbrack: '[', rbrack: ']', lpar: '(', rpar: ')', commat: '@' },
    ...{ laquo: '«', raquo: '»', ldquo: '“', rdquo: '”', lsquo: '‘', rsquo: '’', ndash: '–', mdash: '—', bull: '•' },
  }),
);
const ENTITY = String.raw`&(?:amp;)*(${Array.from(NAMED_ENTITIES.keys()).join('|')}|#\d{1,7}|#x[0-9a-f]{1,6});`;
// Log4Shell in request lines; other schemes are not percent-encoded there.
const ENCODED_SCHEME = `(?:${SCHEME}|ldaps?|rmi|dns)`;
// `%253A` is a colon encoded twice.
const [COLON, SLASH] = [String.raw`%(?:25){0,3}3a`, String.raw`%(?:25){0,3}2f`];
const ENCODED_URL = String.raw`${ENCODED_SCHEME}(?:${COLON}(?:${SLASH}|\/){2}|:${SLASH}${SLASH})[^\s"'<>&;,|\u001B]*`;
const ENCODED_LOOKUP = String.raw`(?:\$|%24)%7b(jndi:[^\s"'<>$]{0,400}?)%7d`;

// An encoded quote around a URL, and an encoded blank, bracket or equals sign before one.
const PLAIN_URL = String.raw`${SCHEME}:\/\/[^\s"'<>]*?`;
const QUOTED_URL = `%22(${PLAIN_URL})%22|%27(${PLAIN_URL})%27`;
const MARK_BEFORE_URL = String.raw`%(0a|2[0278c]|3[bcd]|5b|7[bc])(?=${SCHEME}:\/\/)`;

// Windows' DNS log: `(5)panel(7)example(0)`.
const DNS_LABELS = String.raw`((?:\(\d{1,2}\)[\w-]{1,63}){2,127})\(0\)`;

// Decoded within URLs too.
const IN_URL: readonly Kind[] = [
  { source: MARKDOWN_ESCAPE, decode: (_piece, [mark = '']) => mark },
  { source: BRACED_BRACKET, decode: (_piece, [bracket = '']) => bracket },
  { source: ENTITY, decode: (_piece, [entity = '']) => decodeEntity(entity.toLowerCase()) },
  { source: BRACKETED_HYPHEN, decode: () => '-' },
];
const decodeInUrl = createReplacer([{ source: ESCAPE, decode: decodeEscape }, ...IN_URL]);
const decodeAll = createReplacer([
  {
    source: WINDOWS_PATH,
    decode: (_piece, [drivePath, serverPath = '']) =>
      drivePath === undefined ? toServerPath(serverPath) : toDrivePath(drivePath),
  },
  { source: ESCAPE, decode: (piece, groups, place) => (isBetweenNames(groups, place) ? piece : decodeEscape(piece, groups)) },
  ...IN_URL,
  { source: QUOTED_URL, decode: (_piece, [doubleQuoted, singleQuoted = '']) => ` "${doubleQuoted ?? singleQuoted}" ` },
  { source: MARK_BEFORE_URL, decode: (_piece, [mark = '']) => toCharacter(Number.parseInt(mark, 16)) },
  { source: ENCODED_LOOKUP, decode: (_piece, [lookup = '']) => `\${${decodePercent(lookup)}}` },
  { source: ENCODED_URL, decode: (url, _groups, place) => decodeUrl(url, place) },
  { source: DNS_LABELS, decode: (_piece, [labels = '']) => `query: ${labels.replace(/\(\d+\)/g, '.').slice(1)}` },
  { source: COLOUR, decode: () => '' },
  { source: BACKSLASH_URL, decode: (url) => url },
  { source: WHOLE_URL, decode: (url) => decodeHost(decodeInUrl(url)) },
]);

// Quick to test: most text contains none of these.
const MARKS = ['\\', '&', '\u001B', '(0)', '{[}', '[-]'];
const MAY_HOLD_PERCENT = /%(?:25)*3a|:%|%..(?:h..p|ftp|jndi)|:\/\/[\w.@-]*%/i;

/**
 * Text as a reader sees it: escapes of JSON, Markdown and HTML and encoded URLs are decoded, a terminal's colours are removed. An escaped
 * line break, tab or NUL becomes a blank.
 */
export function toPlainText(text: string): string {
  const isEncoded = MARKS.some((mark) => text.includes(mark)) || (text.includes('%') && MAY_HOLD_PERCENT.test(text));
  return isEncoded ? decodeAll(text) : text;
}

const BEGINS_NAME = /^(?![a-z]{3,6}:\/)[a-z]/i;
const IS_BEHIND_WORD = /(?:^|[^\w.-])(?!(?<=\\)[nrt]$)[\w-]{1,63}$/;

/** Whether a backslash separates names of a path, as in `sites\news.panel.example`. In quoted text it is a line break or tab. */
function isBetweenNames([control]: Groups, { text, start, end }: Place): boolean {
  if (control === undefined || !BEGINS_NAME.test(text.slice(end, end + 8))) return false;
  if (/[nrt]/i.test(control) && /["']/.test(text)) return false;
  return IS_BEHIND_WORD.test(text.slice(Math.max(0, start - 64), start));
}

function decodeEscape(piece: string, [control, octal, unicode, hex, quoted]: Groups): string {
  if (control !== undefined) return ' ';
  if (octal !== undefined) return toCharacter(Number.parseInt(octal, 8));
  const code = unicode ?? hex;
  return code === undefined ? (quoted ?? piece) : toCharacter(Number.parseInt(code, 16));
}

function decodeEntity(entity: string): string {
  const named = NAMED_ENTITIES.get(entity);
  if (named !== undefined) return named;
  return toCharacter(entity.startsWith('#x') ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1)));
}

function toCharacter(code: number): string {
  return code < 0x20 || code > 0x10ffff ? ' ' : String.fromCodePoint(code);
}

// `www.panel.example/r?u=`
const SCHEMELESS = /(?:^|[=(,;|])(?:[\w-]{1,63}\.){1,9}[a-z]{2,63}(?::\d{1,5})?\//i;
const MAX_TOKEN_LENGTH = 300;

/** Decodes an encoded URL and separates it from its surroundings; returns it unchanged within a URL without a scheme. */
function decodeUrl(url: string, { text, start, end }: Place): string {
  let from = start;
  while (from > 0 && start - from < MAX_TOKEN_LENGTH && !/[\s"'<>]/.test(text.slice(from - 1, from))) from -= 1;
  if (SCHEMELESS.test(text.slice(from, start))) return url;
  let decoded = url;
  for (let times = 0; times < 4 && /^[^/]*%(?:25)*(?:3a|2f)/i.test(decoded); times += 1) decoded = decodePercent(decoded);
  const isGlued = /[a-z\d]/i.test(text.slice(start - 1, start));
  return `${isGlued ? ' ' : ''}${decoded}${text.slice(end, end + 1) === '&' ? ' ' : ''}`;
}

const HOST_ESCAPE = /%(?:2[de]|3\d|[46][1-9a-f]|[57][0-9a])/gi;

/** A URL with percent-encoded letters, digits, hyphens and dots of its host decoded. */
function decodeHost(url: string): string {
  return url.replace(/^[^/]*\/\/[^/?#@\s%]*%[^/?#@\s]*/, (front) => front.replace(HOST_ESCAPE, decodePercent));
}

function decodePercent(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
