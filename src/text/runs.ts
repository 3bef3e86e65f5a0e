import { EMOJI, LABEL_CHARACTERS, UNSPACED } from './characters.ts';
import { DOT, INVISIBLE_CHARACTERS } from './defanged.ts';
import { FILE_ENDINGS } from './file-endings.ts';
import { isTopLevelDomain } from './names.ts';

/* Finds where labels joined by dots start and end in plain text. */

/** Labels joined by dots. */
export interface Run {
  readonly start: number;
  readonly end: number;
}

// A name may contain invisible characters: `pan\u00ADel.example`.
const LABEL = `[${LABEL_CHARACTERS}${INVISIBLE_CHARACTERS}]+`;
const FIRST_LABEL = new RegExp(LABEL, 'uy');
const NEXT_LABEL = new RegExp(`${DOT}(${LABEL})`, 'uy');
// Nearly all runs.
const ASCII_RUN = new RegExp(String.raw`[\w-]+(?:${DOT}[\w-]+)+`, 'y');
// Quick to find: most text has no dot between two labels.
const DOT_BETWEEN = new RegExp(
  String.raw`\.(?=[${LABEL_CHARACTERS}${INVISIBLE_CHARACTERS}\s[\](){}>])|[dD][oO][tT](?=\s{0,2}[\])}])`,
  'gu',
);

/** The first run from an index on, without words of scripts without blanks that touch it. */
export function nextRun(text: string, from: number): Run | undefined {
  DOT_BETWEEN.lastIndex = from;
  for (let dot = DOT_BETWEEN.exec(text); dot; dot = DOT_BETWEEN.exec(text)) {
    const start = startOfRun(text, dot.index, from);
    const end = endOfRun(text, start);
    if (end > dot.index) return { start, end };
  }
  return undefined;
}

// Characters between a label and a defanged dot.
const MAX_GLUE = 6;
const GLUE = /[[(){}<\]\\ \t]/;
const LABEL_CHARACTER = new RegExp(`[${LABEL_CHARACTERS}${INVISIBLE_CHARACTERS}]`, 'u');
const ENDS_UNSPACED = new RegExp(`[${UNSPACED}]$`, 'u');
const NUMBER_BEHIND = /^[^\p{L}\p{N}]{1,8}\d/u;

/** The start of the label before a dot. */
function startOfRun(text: string, dot: number, from: number): number {
  let end = dot;
  while (end > from && dot - end < MAX_GLUE && GLUE.test(text.slice(end - 1, end))) end -= 1;
  let start = end;
  while (start > from && isLabelCharacter(text, start - 1)) {
    if (start < end && isWordBefore(text, start, { end, dot })) return start;
    start -= 1;
  }
  return start;
}

/** Whether a word of a script without blanks ends at an index in a label: `域名panel.example`, `地址192.0.2.1`; not in `例2.example`. */
function isWordBefore(text: string, start: number, { end, dot }: { end: number; dot: number }): boolean {
  if (text.charCodeAt(start - 1) < 0x80 || !/[a-z0-9]/i.test(text.slice(start, start + 1))) return false;
  if (!ENDS_UNSPACED.test(text.slice(Math.max(0, start - 2), start))) return false;
  return /\D/.test(text.slice(start, Math.min(end, start + MAX_DIGITS))) || NUMBER_BEHIND.test(text.slice(dot, dot + 12));
}

// More than an octet has.
const MAX_DIGITS = 4;

/** The end of the run that starts at an index; the index itself if there is none. */
function endOfRun(text: string, start: number): number {
  ASCII_RUN.lastIndex = start;
  if (ASCII_RUN.test(text)) {
    const end = ASCII_RUN.lastIndex;
    if (end === text.length || text.charCodeAt(end) < 0x80) return end;
  }
  return endOfAnyRun(text, start);
}

/** The end of a URL's host before a word of a script without blanks, as in `http://panel.example下载`; `end` if there is no such word. */
export function endBeforeWord(text: string, start: number, end: number): number {
  const host = text.slice(start, end);
  if (!/[^\x00-\x7f]/.test(host)) return end;
  const from = start + host.lastIndexOf('@') + 1;
  const cut = endOfRun(text, from);
  return cut > from && cut < end && OF_WORD.test(text.slice(cut)) ? cut : end;
}

const WORD = /^[A-Z][a-z]+$/;
const MAX_WORD_LENGTH = 20;
const ENDS_WORD = /^[\s,;:!?)]?$/;

/** The end of a host before a sentence that no blank separates, as in `192.0.2.1.Then`; `end` if there is no such sentence. */
export function endBeforeSentence(text: string, start: number, end: number): number {
  const near = Math.max(start, end - MAX_WORD_LENGTH);
  const dot = near + text.slice(near, end).lastIndexOf('.');
  const word = text.slice(dot + 1, end);
  if (dot <= near || !WORD.test(word) || !ENDS_WORD.test(text.slice(end, end + 1))) return end;
  const [last = ''] = /[\w-]{1,63}$/.exec(text.slice(Math.max(start, dot - 64), dot)) ?? [];
  if (/^\d{1,3}$/.test(last)) return dot;
  const isName = isTopLevelDomain(last) && !isTopLevelDomain(word.toLowerCase());
  return isName ? dot : end;
}

const COMPOUND = /[^\p{L}\p{N}-]([a-z]{2,24})-\p{L}[\p{L}\p{N}_-]{0,30}$/iu;
const MAX_COMPOUND_LENGTH = 64;

/** The end of a name within a word, as in `panel.com-Domain` or `panel.example-ben`; `end` if there is none: top-level domains have no hyphen. */
export function endBeforeCompound(text: string, start: number, end: number): number {
  const near = text.slice(Math.max(start, end - MAX_COMPOUND_LENGTH), end);
  const [compound = '', last = ''] = near.includes('-') ? (COMPOUND.exec(near) ?? []) : [];
  return last !== '' && isTopLevelDomain(last.toLowerCase()) ? end - compound.length + 1 + last.length : end;
}

const OF_WORD = new RegExp(`^(?=\\p{L})[${UNSPACED}]`, 'u');
const LATIN_START = new RegExp(
  String.raw`^[\w-]+(?=[${UNSPACED}]|[${EMOJI}][${EMOJI}${INVISIBLE_CHARACTERS}]*[\p{L}\p{N}])`,
  'u',
);

function endOfAnyRun(text: string, start: number): number {
  FIRST_LABEL.lastIndex = start;
  if (!FIRST_LABEL.test(text)) return start;
  let end = FIRST_LABEL.lastIndex;
  let lastWord: number | undefined;
  NEXT_LABEL.lastIndex = end;
  for (let next = NEXT_LABEL.exec(text); next; next = NEXT_LABEL.exec(text)) {
    const [, label = ''] = next;
    const word = LATIN_START.exec(label)?.[0];
    end = NEXT_LABEL.lastIndex;
    lastWord = word === undefined ? undefined : end - label.length + word.length;
    if (lastWord !== undefined && mayBeLast(word ?? '')) return lastWord;
  }
  return lastWord ?? end;
}

/** Whether a label may be the last of an address, file or name: `192.0.2.1和192.0.2.2`, `panel.com和drop.com`. */
function mayBeLast(label: string): boolean {
  const lower = label.toLowerCase();
  return /^\d+$/.test(label) || FILE_ENDINGS.has(lower) || isTopLevelDomain(lower);
}

// Quicker than the expression, for nearly all text.
const IS_ASCII_LABEL = Array.from({ length: 0x80 }, (_, code) => LABEL_CHARACTER.test(String.fromCharCode(code)));

function isLabelCharacter(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 0x80) return IS_ASCII_LABEL[code] === true;
  const isLowHalf = code >= 0xdc00 && code <= 0xdfff;
  return LABEL_CHARACTER.test(
    isLowHalf ? text.slice(Math.max(0, at - 1), at + 1) : String.fromCodePoint(text.codePointAt(at) ?? 0),
  );
}

const HALF_BRACKET = /(?<![[({][ \t]{0,2})(?:(\])\.|\.[\])]|\.\[|\[\.(?![\])}]))/g;

// Other scripts with blanks touch an address only by mistake (`сервер192.0.2.1`), Latin letters with accents do not (`é192.0.2.1`).
const OTHER_LETTER = String.raw`(?:(?!\p{Script=Latin})\p{L}\p{M}*)`;
// Not `💩` in `💩.example`: a name may begin with an emoji, but not end with one.
const SYMBOLS = String.raw`\p{So}${EMOJI}${INVISIBLE_CHARACTERS}-`;
const GLUED_BEFORE = new RegExp(
  String.raw`^(?:${OTHER_LETTER}+(?=\d[^\p{L}]*${OTHER_LETTER}*$)|[${SYMBOLS}]+(?=[\p{L}\p{N}_])|_+(?=.*_$)|h(?:tt|xx)ps?_{2})`,
  'iu',
);
const GLUED_BEHIND = new RegExp(
  String.raw`(?<=^${OTHER_LETTER}*[^\p{L}]*\d)${OTHER_LETTER}+$|(?<=^_.*|\p{L})_+$|[\u00B9\u00B2\u00B3\u2070-\u2079${SYMBOLS}]+$`,
  'iu',
);
// `%20panel.example`
const ENCODED = /^[0-9a-f]{2}/i;

/** A run without characters that touch it but do not belong to it. */
export function trimRun(text: string, { start, end }: Run): Run {
  const cut = start + endOfBrackets(text, start, text.slice(start, end));
  const written = text.slice(start, cut);
  const before = (text.slice(start - 1, start) === '%' ? ENCODED : GLUED_BEFORE).exec(written)?.[0].length ?? 0;
  const behind = GLUED_BEHIND.exec(written)?.[0].length ?? 0;
  return { start: start + before, end: cut - behind };
}

/** The length of a run up to a bracket that is paired outside of it, as in `[panel.example].` or `panel.example.[1]`. */
function endOfBrackets(text: string, start: number, written: string): number {
  if (!/[[\](){}]/.test(written)) return written.length;
  for (const { 0: half, index } of written.matchAll(HALF_BRACKET)) {
    const isOpening = /[[(]/.test(half);
    const near = isOpening
      ? text.slice(start + written.length, start + written.length + 80)
      : text.slice(Math.max(0, start - 80), start);
    const isClosedOutside = isOpening ? /^[^[(\n]*[\])]/.test(near) : /[[(][^\])\n]*$/.test(near);
    if (isClosedOutside) return index;
  }
  return written.length;
}
