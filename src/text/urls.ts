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
  /** The index behind the URL and what was trimmed from its end. */
  readonly end: number;
}

/* Heads: scheme and separator. Schemes have no dots here: after a full stop without a blank, the word before it is not part of one. */
// In a request line a plus sign is a blank (`wget+http://`); only after these words is it part of a scheme.
const OVER_HTTP = '(?:git|hg|svn|bzr|dav|sparse|registry)';
const ANY_SCHEME = String.raw`(?:${OVER_HTTP}\+(?:https?|ftp)|[a-z][a-z0-9]{1,30}(?:[+-](?!${KNOWN_SCHEME}(?![a-z0-9]))[a-z0-9]{1,30}){0,4})`;
const ANY_HEAD = `(?:${KNOWN_SCHEME}(?:${SEPARATOR}|${LOOSE_SEPARATOR}|${BROKEN_SEPARATOR})|${ANY_SCHEME}${SEPARATOR})`;
// Of two schemes in a row, the second counts.
const HEAD = new RegExp(
  String.raw`(?<![a-z0-9])(?:(?<![a-z0-9][+-])|(?=${KNOWN_SCHEME}(?![a-z0-9])))${ANY_HEAD}(?!${ANY_HEAD})`,
  'gi',
);

/* Hosts. The user has a limit, because it is tried after every head. */
const LABEL = `[${LABEL_CHARACTERS}${INVISIBLE_CHARACTERS}]+`;
const PORT = String.raw`(?:(?::|${BRACKETED_COLON})\d{1,5}(?!\d))?`;
const USER = String.raw`(?:[\w.~%!$&*+=:-]{1,256}(?:@|${BRACKETED_AT}))?`;
const IPV6 = String.raw`\[(?:[0-9a-f.:]|\[::?\]){2,120}\]`;
// A symbol, hyphen or underscore at the end belongs to the sentence, and so do arrows among the dingbats.
const HOST_LABEL = String.raw`(?:(?![\u2794-\u27BF])[${LABEL_CHARACTERS}${INVISIBLE_CHARACTERS}])+`;
const LAST_LABEL = String.raw`[\p{L}\p{M}\p{N}_${INVISIBLE_CHARACTERS}-]*[\p{L}\p{M}\p{N}${INVISIBLE_CHARACTERS}]`;
const ASCII_LABEL = '[a-z0-9-]+';
// Chinese and Japanese keyboards may enter an ideographic full stop for a dot.
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
// Incomplete separators need a host with a dot or port: `http:/api` and `http//x` are not URLs.
const LOOSE_HEAD = /^[^:]*\/\/$|:\/$/;
// What may follow a host without a path. Any other character, as of a template or escape, makes the host invalid.
const NOTE = String.raw`(?:[[(][^\s()[\]]{0,40}[)\]]){1,4}(?:[${STOP}.,;:]|$)`;
// Percent escapes that end a host: control characters, blanks, slashes, brackets.
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
    // Continue after the rejected host, so that no text is scanned twice.
    at = hostEnd ?? start + head.length;
  }
}

// A URL may follow another without a mark between them.
const GLUED_HEAD = new RegExp(String.raw`(?:https?|hxxps?):\/\/(?!${ANY_HEAD})`, 'iy');

// Quick to find: every head contains one of these, and most text does not.
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
  // Prose also has a plain scheme before a blank; only a broken dot after it makes it a URL.
  return isPlain && !/[ \t][.[({]/.test(text.slice(from + 1, blankedEnd)) ? null : blankedEnd;
}

// Contains nothing that could be defanged.
const PLAIN_REST = /^(?!.*hxxp)[\x21-\x27*-Z^-z|~]*$/i;

function toUrl(text: string, { start, hostEnd, head }: { start: number; hostEnd: number; head: string }): FoundUrl | undefined {
  const front = text.slice(start, hostEnd).trimEnd();
  const liveFront = refang(toVisibleText(front).replace(/[。．｡]/g, '.'));
  const authority = /^[a-z][a-z0-9+-]*:\/\/(.*)$/i.exec(liveFront)?.[1];
  if (authority === undefined || !isAuthority(authority)) return undefined;
  if (LOOSE_HEAD.test(head) && !/[.:]/.test(authority)) return undefined;
  const hasBackslashes = head.endsWith('\\\\');
  if (endOf(hasBackslashes ? ANY_REST_START : REST_START, text, hostEnd) === null) {
    // Names in code also begin with `http__`.
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
