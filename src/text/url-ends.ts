import { UNSPACED } from './characters.ts';
import { INVISIBLE_CHARACTERS, KNOWN_SCHEME, SEPARATOR } from './defanged.ts';
import { ANY_FILE_ENDING } from './file-endings.ts';

/* Where a person would end a URL. */

// Punctuation and symbols outside of ASCII, except `·` and hyphens, which words contain.
const LATIN_MARKS = String.raw`\u00A1\u00A6-\u00A9\u00AB\u00AC\u00AE-\u00B6\u00B8\u00B9\u00BB\u00BF\u00D7\u00F7`;
const SCRIPT_MARKS = String.raw`\u0589\u060C\u060D\u061B\u061E\u061F\u066A-\u066D\u06D4\u0964\u0965\u0E5A\u0E5B\u104A\u104B\u1362-\u1368\u17D4-\u17DA`;
const GENERAL_MARKS = String.raw`\u2012-\u2027\u2030-\u205E\u2070-\u2079\u2116\u2117\u2120\u2122\u2190-\u2BFF\u2E00-\u2E7F`;
const EAST_ASIAN_MARKS = String.raw`\u3001-\u3003\u3008-\u3020\u3030\u30FB\uFE10-\uFE19\uFE30-\uFE6B\uFF01-\uFF0C\uFF1A-\uFF20\uFF3B-\uFF3E\uFF40\uFF5B-\uFF65`;
const EMOJI = String.raw`\u{1F000}-\u{1FAFF}`;

/** Characters that always end a URL, for a class of a regular expression with the `u` flag. */
export const STOP = String.raw`\s\p{Cc}${INVISIBLE_CHARACTERS}"<>${'`'}${LATIN_MARKS}${SCRIPT_MARKS}${GENERAL_MARKS}${EAST_ASIAN_MARKS}\uFFFC\uFFFD${EMOJI}`;

const SHELL_COMMAND =
  '(?:ba|z|da|k|c|a)?sh|fish|python[\\d.]*|perl|ruby|php|node|busybox|sudo|su|xargs|tee|tar|g?unzip|gzip|base64|xxd|openssl|' +
  'grep|egrep|sed|awk|jq|head|tail|sort|uniq|wc|cat|chmod|chown|curl|wget|t?ftp|ftpget|cd|rm|mv|cp|ls|mkdir|touch|echo|printf|' +
  'exit|exec|eval|export|kill|killall|pkill|nohup|sleep|crontab|history|uname|whoami|service|systemctl|iptables|' +
  'iex|iwr|powershell|pwsh|cmd|start|start-\\w+|mshta|rundll32|regsvr32|[cw]script|certutil|bitsadmin';
const COMMAND_PATH = String.raw`\.{1,2}\/|\/(?:bin|sbin|usr|tmp|var|dev|etc|opt|root|home)\/`;
const COMMAND = String.raw`(?:${SHELL_COMMAND})(?:[\s|;&'"\x60)+$%]|$)|${COMMAND_PATH}`;
// A single ampersand also separates parameters.
const BACKGROUND = String.raw`&(?=(?:(?:ba)?sh|chmod|rm|cd|wget|curl|powershell|mshta|rundll32|regsvr32) (?!HTTP\/))`;
// In requests to honeypots: `wget+http://panel.example/a+-O+/tmp/a`, `%3Bsh`, `${IFS}`.
const ENCODED_COMMAND = String.raw`(?:%3b|%7c|%26%26)(?=(?:%20|\+){0,2}(?:${COMMAND}))|(?:\+|%20)(?=-[a-z]{1,2}-?(?:[+|;]|%20|%3b|%7c))|\$\{?IFS\b`;
const NEXT_COMMAND = String.raw`\|\||(?:[|;]|&&)(?=\s|${COMMAND})|${BACKGROUND}|${ENCODED_COMMAND}`;
const ADDRESS = String.raw`\d{1,3}(?:\.\d{1,3}){3}(?![\w.])`;
const NEXT_VALUE = String.raw`[,;|@*](?=["'([{]?(?:[a-z][a-z0-9+-]{1,30}${SEPARATOR}|${KNOWN_SCHEME}(?::|__)|${ADDRESS}))`;
// A list of defanged names: `panel[.]example/a,drop[.]example`.
const NEXT_DEFANGED = String.raw`[,;|](?=[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}(?:\[(?:\.|dot)\]|\((?:\.|dot)\)|\{\.\})[\w-])`;
// Plain names only with these endings, which files do not have, and not in a query.
const NEXT_NAME = String.raw`[,;|](?=(?:[a-z0-9-]{1,63}\.){1,4}(?:com|net|org|info|biz|top|xyz|ru|cn|example)(?:[,;|/:\s]|$))`;
// `URL:http://panel.example/a;Hash:`
const NEXT_KEY = String.raw`;(?=[a-z][\w-]{1,30}:(?!\/))`;
// Loaders join URLs without a mark. After `=`, `?`, `/` or URL Defense's `__`, another URL is part of this one.
const NEXT_URL = String.raw`(?<=[a-z\d]|[^_]_)(?=(?:https?|hxxps?):\/\/)`;
// Not in `<http://panel.example/->` or in a query.
const ARROW = '[-=]{1,3}(?=>)';
// Jira: `{code}http://panel.example/a{code}`, `!http://panel.example/a.png|thumbnail!`.
const JIRA = String.raw`\{(?=(?:code|color|quote|noformat|panel)\b)|\|(?=thumbnail|width=|height=)`;
// PowerShell: `'http://a.example/x@http://panel.example/a'.Split('@')`.
const END_OF_STRING = String.raw`'(?=[,;)\]}]|\.\w{1,30}\(|\s|$)`;
const SUBSHELL = String.raw`\$\((?=[^)\s]{0,80}\s)`;
// AsciiDoc and footnotes, in a path: `https://panel.example/a[panel]`, `/a[3]`.
const LABEL_BEHIND_PATH = String.raw`\^?(?:\[[^\]\s=&]{0,80}\]){1,4}(?=\s|[,;:!?)]|\.(?!\w)|$)`;
/** AsciiDoc: `https://panel.example/a[the panel]`. */
export const LINK_TEXT = String.raw`\[(?! (?:\.|dot) \])(?=[^\]\s]{0,80}\s)`;
/** BBCode: `[url]http://panel.example/a[/url]`. */
export const CLOSING_TAG = String.raw`\[\/(?=[a-z]+\])`;
// Do not end a URL, unless they close what encloses it. Whole matches keep the blanks of a defanged dot, and the end of the
// URL within a link of URL Defense, from ending it.
const MARK = String.raw`\[ (?:\.|dot) \]|\[\.\]|__;(?=[\w=-]{0,512}!)|['()[\]{}+,;|&!?]`;

const END = new RegExp(
  String.raw`${NEXT_COMMAND}|${NEXT_VALUE}|${NEXT_DEFANGED}|(${NEXT_NAME}|${NEXT_KEY})|${NEXT_URL}|(${ARROW})|${JIRA}|${END_OF_STRING}|${SUBSHELL}|(${LABEL_BEHIND_PATH})|${LINK_TEXT}|${CLOSING_TAG}|[${STOP}]|(\\(?!\\{0,3}\.))|(${MARK})`,
  'giu',
);

// The mark that ends a URL straight behind one of these.
const CLOSERS = new Map([
  ["'", "'"],
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
  ['<', '|'],
  ['+', '+'],
  [',', ','],
  [';', ';'],
  ['|', '|'],
  ['&', '&'],
  ['!', '!'],
]);

const KEY = /(?:^|[,;|&([{])[\w.-]{1,64}[=:]$/;

/** The mark before a URL, also before its key (`(url=http://`), and the mark that ends the URL; undefined where only its own characters decide. */
function enclosureOf(text: string, start: number): Enclosure | undefined {
  const last = text.slice(start - 1, start);
  const key = last === '=' || last === ':' ? KEY.exec(text.slice(Math.max(0, start - 70), start))?.[0] : undefined;
  const opener = key === undefined ? last : key.charAt(0);
  const closer = CLOSERS.get(opener);
  return closer === undefined ? undefined : { opener, closer };
}

interface Enclosure {
  readonly opener: string;
  readonly closer: string;
}

/** Returns a function that takes the marks of a URL in order, and returns whether a mark closes what encloses the URL. */
function createCloserFinder(enclosure: Enclosure | undefined): (mark: string) => boolean {
  let openCount = 1;
  return (mark) => {
    if (mark === enclosure?.closer) openCount -= 1;
    else if (mark === enclosure?.opener) openCount += 1;
    return openCount === 0;
  };
}

/**
 * The index behind the path, query and fragment of a URL. `start` is that of the URL, `from` that of its path. A URL straight behind a
 * bracket, quote or delimiter ends where that is closed or comes again.
 */
export function endOfRest(text: string, place: RestPlace): number {
  return endBehindFile(text, place.from, endAtMark(text, place));
}

interface RestPlace {
  readonly start: number;
  readonly from: number;
  readonly hasBackslashes?: boolean;
}

// A word that touches a file: `/gate.php에서`, `/gate.phpから`, `/gate.php'den`. Most URLs have neither mark.
const MAY_TOUCH = /[^\x00-\x7f]|'/;
const FILE_BEFORE_WORD = new RegExp(String.raw`\.(?:${ANY_FILE_ENDING})(?=[${UNSPACED}]|'\p{L}{1,6}(?![\p{L}\p{N}/=&]))`, 'iu');

function endBehindFile(text: string, from: number, end: number): number {
  const rest = text.slice(from, end);
  const file = MAY_TOUCH.test(rest) ? FILE_BEFORE_WORD.exec(rest) : null;
  return file ? from + file.index + file[0].length : end;
}

function endAtMark(text: string, { start, from, hasBackslashes = false }: RestPlace): number {
  const enclosure = enclosureOf(text, start);
  const closes = createCloserFinder(enclosure);
  // `[[http://panel.example/a|the panel]]`
  const isWikiLink = text.slice(Math.max(0, start - 2), start) === '[[';
  let isInQuery = text.charAt(from) === '?';
  let at = from;
  for (;;) {
    END.lastIndex = at;
    const match = END.exec(text);
    if (!match) return endOfEmphasis(text, { start, end: text.length });
    const [found, nextEntry, arrow, label, backslash, mark] = match;
    if (mark !== undefined) {
      if (closes(mark) || (mark === '|' && isWikiLink)) return match.index;
      if (mark === '?') isInQuery = true;
    } else {
      const belongsToQuery = isInQuery && (nextEntry ?? arrow ?? label) !== undefined;
      const belongsToUrl =
        belongsToQuery || (arrow !== undefined && enclosure?.opener === '<') || (backslash !== undefined && hasBackslashes);
      if (!belongsToUrl) return endOfEmphasis(text, { start, end: match.index });
    }
    at = match.index + found.length;
  }
}

const EMPHASIS = /(?:^|[^\w/~=])(_{1,3}|~~|==)$/;

/** The end of a URL between Markdown's marks of emphasis: `_http://panel.example/a_`. */
function endOfEmphasis(text: string, { start, end }: { start: number; end: number }): number {
  const mark = EMPHASIS.exec(text.slice(Math.max(0, start - 4), start))?.[1];
  if (mark === undefined) return end;
  const trimmed = start + text.slice(start, end).replace(/[.,;:!?)]{1,9}$/, '').length;
  return text.slice(start, trimmed).endsWith(mark) ? trimmed - mark.length : end;
}

const OPENER_OF = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
]);

/** A URL without punctuation of the sentence at its end, and without brackets that it does not open. */
export function trimEnd(url: string): string {
  if (/[\w/=&#%~-]/.test(url.slice(-1))) return url;
  const count = new Map<string, number>();
  for (const [mark] of url.matchAll(/[()[\]{}]/g)) count.set(mark, (count.get(mark) ?? 0) + 1);
  let end = url.length;
  for (; end > 0; end -= 1) {
    const last = url.charAt(end - 1);
    const opener = OPENER_OF.get(last);
    const isUnbalanced = opener !== undefined && (count.get(last) ?? 0) > (count.get(opener) ?? 0);
    if (!isUnbalanced && !/[.,;:!?'"*\\|…([{^]/.test(last)) break;
    if (count.has(last)) count.set(last, (count.get(last) ?? 0) - 1);
  }
  return url.slice(0, end);
}
