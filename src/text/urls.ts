import { LABEL_CHARACTERS, UNSPACED } from './characters.ts';
import {
  BRACKETED_AT,
  BRACKETED_COLON,
  BRACKETED_SLASH,
  BROKEN_SEPARATOR,
  DOT,
  INVISIBLE_CHARACTERS,
  KNOWN_SCHEME,
  LOOSE_SEPARATOR,
  SEPARATOR,
  toVisibleText,
} from './defanged.ts';
import { isAuthority } from './hosts.ts';
import { refang } from './refang.ts';
import { endBeforeSentence, endBeforeWord } from './runs.ts';
import { CLOSING_TAG, LINK_TEXT, STOP, endOfRest, trimEnd } from './url-ends.ts';

/** A URL in text, refanged. */
export interface FoundUrl {
  readonly value: string;
  readonly start: number;
  /** Behind the last character that belongs to it or was cut from its end. */
  readonly end: number;
}

/* Heads: scheme and separator. A dot is no part of a scheme here, or a full stop without a blank would glue a word to it. */
// In a request line a plus sign is a blank: `wget+http://`. Only of these one knows that they are part of a scheme.
const OVER_HTTP = '(?:git|hg|svn|bzr|dav|sparse|registry)';
const ANY_SCHEME = String.raw`(?:${OVER_HTTP}\+(?:https?|ftp)|[a-z][a-z0-9]{1,30}(?:[+-](?!${KNOWN_SCHEME}(?![a-z0-9]))[a-z0-9]{1,30}){0,4})`;
const ANY_HEAD = `(?:${KNOWN_SCHEME}(?:${SEPARATOR}|${LOOSE_SEPARATOR}|${BROKEN_SEPARATOR})|${ANY_SCHEME}${SEPARATOR})`;
// With two schemes in a row the second one is meant.
const HEAD = new RegExp(
  String.raw`(?<![a-z0-9])(?:(?<![a-z0-9][+-])|(?=${KNOWN_SCHEME}(?![a-z0-9])))${ANY_HEAD}(?!${ANY_HEAD})`,
  'gi',
);

/* Hosts. A user is bounded, since every head looks for one. */
const LABEL = `[${LABEL_CHARACTERS}${INVISIBLE_CHARACTERS}]+`;
const PORT = String.raw`(?:(?::|${BRACKETED_COLON})\d{1,5}(?!\d))?`;
const USER = String.raw`(?:[\w.~%!$&*+=:-]{1,256}(?:@|${BRACKETED_AT}))?`;
const IPV6 = String.raw`\[(?:[0-9a-f.:]|\[::?\]){2,120}\]`;
// A symbol, a hyphen or an underscore at its end belongs to the sentence, and so does a dingbat that is an arrow.
const HOST_LABEL = String.raw`(?:(?![\u2794-\u27BF])[${LABEL_CHARACTERS}${INVISIBLE_CHARACTERS}])+`;
const LAST_LABEL = String.raw`[\p{L}\p{M}\p{N}_${INVISIBLE_CHARACTERS}-]*[\p{L}\p{M}\p{N}${INVISIBLE_CHARACTERS}]`;
const ASCII_LABEL = '[a-z0-9-]+';
// On a keyboard for Chinese or Japanese a full stop may become an ideographic one.
const IDEOGRAPHIC = `${ASCII_LABEL}(?:[。．｡]${ASCII_LABEL})+`;
const NAME = String.raw`(?:${IDEOGRAPHIC}|(?:${HOST_LABEL}${DOT})*${LAST_LABEL}(?:\.(?=[/:?#]))?)`;
const HOST = new RegExp(`${USER}(?:${IPV6}|${NAME})${PORT}`, 'iuy');
const BLANK = String.raw`[ \t]`;
const BLANKED_HOST = new RegExp(
  String.raw`${BLANK}{1,3}${LABEL}(?:${BLANK}?${DOT}${LABEL})+(?:${BLANK}?:\d{1,5})?${BLANK}?`,
  'iuy',
);

const REST_START = new RegExp(String.raw`[/?#]|${BRACKETED_SLASH}|\\(?![.nrtu"'\\]|$)`, 'y');
const ANY_REST_START = /[/?#\\]/y;
// Without a colon or a slash, only a host with a dot makes a URL of it: `http:/api`, `http//`.
const LOOSE_HEAD = /^[^:]*\/\/$|:\/$/;
// What may follow a host that has no path. Anything else belongs to it, and then it is no host: a template, an escape.
const NOTE = String.raw`(?:[[(][^\s()[\]]{0,40}[)\]]){1,4}(?:[${STOP}.,;:]|$)`;
// What a percent escape may not stand for in a host: a control, a blank, a slash, a bracket.
const ESCAPED_STOP = '%(?:[01][0-9a-f]|2[0-9a-cf]|3[b-f]|5[b-e]|60|7[b-d])';
const HOST_END = new RegExp(
  String.raw`(?:\.\p{L}|[.:!?*+'…_~=-]*(?:$|[${STOP}${UNSPACED},;&|\\)\]}']|\$\{?IFS\b|${NOTE}|${LINK_TEXT}|${CLOSING_TAG}|${ESCAPED_STOP}))`,
  'iuy',
);

/** The first URL with a scheme in plain text from an index on. A URL within a URL is part of it. Takes linear time for all URLs of a text. */
export function nextUrl(text: string, from: number): FoundUrl | undefined {
  for (let at = from; ;) {
    const found = nextHead(text, at);
    if (!found) return undefined;
    const { start, head } = found;
    const hostEnd = endOfHost(text, start, head);
    const url = hostEnd === null ? null : toUrl(text, { start, hostEnd, head });
    if (url) return url;
    // From behind a host that is none: the same characters are never read for two heads.
    at = hostEnd ?? start + head.length;
  }
}

// Straight behind another URL no mark is needed.
const GLUED_HEAD = new RegExp(String.raw`(?:https?|hxxps?):\/\/(?!${ANY_HEAD})`, 'iy');

// Quick to find: no head is without one of these, and most of a text is.
const PIECE_OF_SEPARATOR = /:[/\\[({]|[[({]\s?:|_[_/]|(?:ps?\]?|w) ?(?:\/\/|:)/gi;
const SCHEME_CHARACTER = /[\w+*[\]-]/;
const MAX_SCHEME_LENGTH = 180;

function nextHead(text: string, from: number): { start: number; head: string } | undefined {
  GLUED_HEAD.lastIndex = from;
  const glued = GLUED_HEAD.exec(text);
  if (glued) return { start: from, head: glued[0] };
  PIECE_OF_SEPARATOR.lastIndex = from;
  const separator = PIECE_OF_SEPARATOR.exec(text)?.index;
  if (separator === undefined) return undefined;
  let start = separator;
  while (start > from && separator - start < MAX_SCHEME_LENGTH && SCHEME_CHARACTER.test(text.charAt(start - 1))) start -= 1;
  HEAD.lastIndex = start;
  const found = HEAD.exec(text);
  return found ? { start: found.index, head: found[0] } : undefined;
}

const BEGINS_WITH_KNOWN = new RegExp(`^${KNOWN_SCHEME}`, 'i');

function endOfHost(text: string, start: number, head: string): number | null {
  const from = start + head.length;
  const isPlain = /^(?:https?|ftps?):\/\/$/i.test(head);
  const end = endOf(HOST, text, from);
  if (end !== null) return endBeforeSentence(text, from, endBeforeWord(text, from, end));
  const blankedEnd = BEGINS_WITH_KNOWN.test(head) ? endOf(BLANKED_HOST, text, from) : null;
  if (blankedEnd === null) return null;
  // A plain scheme and a blank also stand in prose: the broken dot tells the two apart.
  return isPlain && !/[ \t][.[({]/.test(text.slice(from + 1, blankedEnd)) ? null : blankedEnd;
}

// Nothing in it can be defanged.
const PLAIN_REST = /^(?!.*hxxp)[\x21-\x27*-Z^-z|~]*$/i;

function toUrl(text: string, { start, hostEnd, head }: { start: number; hostEnd: number; head: string }): FoundUrl | undefined {
  const front = text.slice(start, hostEnd).trimEnd();
  const liveFront = refang(toVisibleText(front).replace(/[。．｡]/g, '.'));
  const authority = /^[a-z][a-z0-9+-]*:\/\/(.*)$/i.exec(liveFront)?.[1];
  if (authority === undefined || !isAuthority(authority)) return undefined;
  if (LOOSE_HEAD.test(head) && !/[.:]/.test(authority)) return undefined;
  const hasBackslashes = head.endsWith('\\\\');
  if (endOf(hasBackslashes ? ANY_REST_START : REST_START, text, hostEnd) === null) {
    // Names in code hold `http__` as well.
    const isName = /^(?:http|ftp)s?__$/i.test(head) && !/[[({]/.test(front);
    const isWhole = !isName && endOf(HOST_END, text, hostEnd) !== null;
    return isWhole ? { value: trimEnd(liveFront), start, end: start + front.length } : undefined;
  }
  const end = endOfRest(text, { start, from: hostEnd, hasBackslashes });
  const rest = text.slice(hostEnd, end);
  const value = PLAIN_REST.test(rest) ? liveFront + rest : refang(text.slice(start, end));
  return { value: trimEnd(value), start, end };
}

function endOf(sticky: RegExp, text: string, from: number): number | null {
  sticky.lastIndex = from;
  return sticky.test(text) ? sticky.lastIndex : null;
}
