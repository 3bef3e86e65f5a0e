import { BRACKETED_AT, BRACKETED_COLON, BRACKETED_SLASH, DOT, KNOWN_SCHEME, LOOSE_SEPARATOR, SEPARATOR } from './defanged.ts';
import { LABEL_CHARACTERS, isAuthority } from './hosts.ts';
import { refang } from './refang.ts';

/** Something found in a line: what it says, refanged, and where it stood. */
export interface Found {
  readonly value: string;
  readonly start: number;
  /** Behind the last character that belongs to it or was cut from its end. */
  readonly end: number;
}

/* Heads: scheme and separator. A dot is no part of a scheme here, or a full stop without a blank would glue a word to it. */
const ANY_SCHEME = String.raw`[a-z][a-z0-9]{1,30}(?:[+-][a-z0-9]{1,30}){0,4}`;
const ANY_HEAD = `(?:${KNOWN_SCHEME}(?:${SEPARATOR}|${LOOSE_SEPARATOR})|${ANY_SCHEME}${SEPARATOR})`;
// With two schemes in a row the second one is meant.
const HEAD = new RegExp(String.raw`(?<![a-z0-9])(?<![a-z0-9][+-])${ANY_HEAD}(?!${ANY_HEAD})`, 'gi');

/* Hosts. A user is bounded, since every head looks for one. */
const LABEL = `[${LABEL_CHARACTERS}]+`;
const PORT = String.raw`(?:(?::|${BRACKETED_COLON})\d{1,5}(?!\d))?`;
const USER = String.raw`(?:[\w.~%!$&*+=:-]{1,256}(?:@|${BRACKETED_AT}))?`;
const IPV6 = String.raw`\[(?:[0-9a-f.:]|\[::?\]){2,120}\]`;
const HOST = new RegExp(String.raw`${USER}(?:${IPV6}|${LABEL}(?:${DOT}${LABEL})*(?:\.(?=[/:?#]))?)${PORT}`, 'iuy');
const BLANK = String.raw`[ \t]`;
const BLANKED_HOST = new RegExp(
  String.raw`${BLANK}{1,3}${LABEL}(?:${BLANK}?${DOT}${LABEL})+(?:${BLANK}?:\d{1,5})?${BLANK}?`,
  'iuy',
);

/* Ends. No URL goes on behind one of these, whatever else stands around it. */
const STOP = String.raw`\s\p{Cc}\u200B"<>${'`'}“”„‟‘’«»‹›「」『』【】（）。，、；：！？`;
const ENTITY = '&(?:quot|lt|gt|apos|nbsp|#0*3[49]);';
const ESCAPE = String.raw`\\(?:[nrtu"'\\]|$)`;
const NEXT_URL = String.raw`[,;|](?=["'([{]?${ANY_HEAD})`;
// Brackets and quotes are met too, to be counted; a defanged dot is met whole, so that its blanks are no end.
const MARK = String.raw`\[ (?:\.|dot) \]|['()[\]{}]`;
const END = new RegExp(String.raw`${MARK}|[${STOP}]|${ENTITY}|${NEXT_URL}|${ESCAPE}`, 'giu');
const MARKS = new RegExp(`^(?:${MARK})$`, 'i');
const END_AMONG_BACKSLASHES = new RegExp(String.raw`${MARK}|[${STOP}]|${ENTITY}|${NEXT_URL}`, 'giu');
const REST_START = new RegExp(String.raw`[/?#]|${BRACKETED_SLASH}|\\(?![.nrtu"'\\]|$)`, 'y');
// What may follow a host that has no path. Anything else belongs to it, and then it is no host: a template, an escape.
const NOTE = String.raw`[[(][^\s()[\]]{0,40}[)\]](?:[${STOP}.,;:]|$)`;
const HOST_END = new RegExp(String.raw`[.:!?*'…]*(?:$|[${STOP},;|)\]}'—–]|${ENTITY}|${ESCAPE}|${NOTE})`, 'iuy');

/** The URLs with a scheme in a line, in order. A URL within a URL is part of it. Takes linear time. */
export function findUrls(line: string): Found[] {
  const found: Found[] = [];
  let from = 0;
  for (;;) {
    HEAD.lastIndex = from;
    const head = HEAD.exec(line);
    if (!head) return found;
    const hostEnd = endOfHost(line, head.index, head[0]);
    const end = hostEnd === null ? null : endOfUrl(line, { start: head.index, hostEnd, head: head[0] });
    // From behind a host that is none: the same characters are never read for two heads.
    from = end ?? hostEnd ?? head.index + head[0].length;
    if (end !== null) found.push({ value: trimEnd(refang(line.slice(head.index, end))), start: head.index, end });
  }
}

function endOfHost(line: string, start: number, head: string): number | null {
  const from = start + head.length;
  const isPlain = /^(?:https?|ftps?):\/\/$/i.test(head);
  const end = endOf(HOST, line, from);
  if (end !== null) return end;
  const blankedEnd = new RegExp(`^${KNOWN_SCHEME}`, 'i').test(head) ? endOf(BLANKED_HOST, line, from) : null;
  if (blankedEnd === null) return null;
  // A plain scheme and a blank also stand in prose: the broken dot tells the two apart.
  return isPlain && !/[ \t][.[({]/.test(line.slice(from + 1, blankedEnd)) ? null : blankedEnd;
}

function endOfUrl(line: string, { start, hostEnd, head }: { start: number; hostEnd: number; head: string }): number | null {
  const front = line.slice(start, hostEnd).trimEnd();
  const live = refang(front);
  const authority = /^[a-z][a-z0-9+-]*:\/\/(.*)$/i.exec(live)?.[1];
  if (authority === undefined || !isAuthority(authority)) return null;
  const hasRest = endOf(REST_START, line, hostEnd) !== null;
  // Names in code hold `http__` as well.
  if (/^(?:http|ftp)s?__$/i.test(head) && !hasRest && !/[[({]/.test(front)) return null;
  if (hasRest) return endOfRest(line, hostEnd, { opener: line.charAt(start - 1), hasBackslashes: head.endsWith('\\\\') });
  return endOf(HOST_END, line, hostEnd) === null ? null : start + front.length;
}

const CLOSERS = new Map([
  ["'", "'"],
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

/** A URL straight behind a bracket or quote ends where that is closed, whatever follows. */
function endOfRest(line: string, from: number, { opener, hasBackslashes }: { opener: string; hasBackslashes: boolean }): number {
  const closer = CLOSERS.get(opener);
  const ends = hasBackslashes ? END_AMONG_BACKSLASHES : END;
  let depth = 0;
  let at = from;
  for (;;) {
    ends.lastIndex = at;
    const end = ends.exec(line);
    if (!end) return line.length;
    const [mark] = end;
    if (mark === closer && depth-- === 0) return end.index;
    if (mark === opener && mark !== closer) depth += 1;
    if (!MARKS.test(mark)) return end.index;
    at = end.index + mark.length;
  }
}

const OPENER_OF = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
]);

/** A URL without what the sentence around it left at its end: punctuation, and brackets that it did not open. */
export function trimEnd(url: string): string {
  const count = new Map<string, number>();
  for (const [mark] of url.matchAll(/[()[\]{}]/g)) count.set(mark, (count.get(mark) ?? 0) + 1);
  let end = url.length;
  for (; end > 0; end -= 1) {
    const last = url.charAt(end - 1);
    const opener = OPENER_OF.get(last);
    const isUnbalanced = opener !== undefined && (count.get(last) ?? 0) > (count.get(opener) ?? 0);
    if (!isUnbalanced && !/[.,;:!?'"*\\|…([{]/.test(last)) break;
    if (count.has(last)) count.set(last, (count.get(last) ?? 0) - 1);
  }
  return url.slice(0, end);
}

function endOf(sticky: RegExp, line: string, from: number): number | null {
  sticky.lastIndex = from;
  return sticky.test(line) ? sticky.lastIndex : null;
}
