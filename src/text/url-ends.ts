import { INVISIBLE_CHARACTERS, KNOWN_SCHEME, SEPARATOR } from './defanged.ts';

/* Where a person would end a URL. */

/** No URL goes on behind one of these, whatever else stands around it; for a class of a regular expression. */
export const STOP = String.raw`\s\p{Cc}${INVISIBLE_CHARACTERS}"<>${'`'}“”„‟‘’«»‹›†‡•\u00B9\u00B2\u00B3\u2070-\u2079\u2190-\u21FF\u2500-\u257F\u3001-\u3003\u3008-\u3011\u3014-\u301B（），：；！？＜＞［］｛｝｜。｡`;

const SHELL_COMMAND =
  '(?:ba|z|da|k|c|a)?sh|fish|python[\\d.]*|perl|ruby|php|node|busybox|sudo|su|xargs|tee|tar|g?unzip|gzip|base64|xxd|openssl|' +
  'grep|egrep|sed|awk|jq|head|tail|sort|uniq|wc|cat|chmod|chown|curl|wget|t?ftp|ftpget|cd|rm|mv|cp|ls|mkdir|touch|echo|printf|' +
  'exit|exec|eval|export|kill|killall|pkill|nohup|sleep|crontab|history|uname|whoami|service|systemctl|iptables|' +
  'iex|iwr|powershell|pwsh|cmd|start|start-\\w+|mshta|rundll32|regsvr32|[cw]script|certutil|bitsadmin';
const NEXT_COMMAND = String.raw`\|\||(?:[|;]|&&)(?=\s|(?:${SHELL_COMMAND})(?:[\s|;&'"\x60)]|$))`;
const ADDRESS = String.raw`\d{1,3}(?:\.\d{1,3}){3}(?![\w.])`;
const NEXT_VALUE = String.raw`[,;|@*](?=["'([{]?(?:[a-z][a-z0-9+-]{1,30}${SEPARATOR}|${KNOWN_SCHEME}(?::|__)|${ADDRESS}))`;
// Loaders join URLs without a mark; behind `=`, `?` or `/` another URL is part of this one.
const NEXT_URL = String.raw`(?<=[\w])(?=(?:https?|hxxps?):\/\/)`;
// Jira: `{code}http://panel.example/a{code}`, `!http://panel.example/a.png|thumbnail!`.
const JIRA = String.raw`\{(?=(?:code|color|quote|noformat|panel)\b)|\|(?=thumbnail|width=|height=)`;
// PowerShell: `'http://a.example/x@http://panel.example/a'.Split('@')`.
const END_OF_STRING = String.raw`'(?=[,;)\]}]|\.\w{1,30}\(|\s|$)`;
const SUBSHELL = String.raw`\$\((?=[^)\s]{0,80}\s)`;
// AsciiDoc and footnotes, in a path: `https://panel.example/a[panel]`, `/a[3]`.
const LABEL_BEHIND_PATH = String.raw`\^?\[[^\]\s=&]{0,80}\](?=\s|[.,;:!?)]|$)`;
// AsciiDoc: `https://panel.example/a[the panel]`.
const LINK_TEXT = String.raw`\[(?! (?:\.|dot) \])(?=[^\]\s]{0,80}\s)`;
// BBCode: `[url]http://panel.example/a[/url]`.
const CLOSING_TAG = String.raw`\[\/(?=[a-z]+\])`;
// Brackets and quotes are met too, to be counted; a defanged dot is met whole, so that its blanks are no end.
const MARK = String.raw`\[ (?:\.|dot) \]|\[\.\]|['()[\]{}+,;|&!?]`;

const END = new RegExp(
  String.raw`${NEXT_COMMAND}|${NEXT_VALUE}|${NEXT_URL}|${JIRA}|${END_OF_STRING}|${SUBSHELL}|(${LABEL_BEHIND_PATH})|${LINK_TEXT}|${CLOSING_TAG}|[${STOP}]|(\\(?!\.))|(${MARK})`,
  'giu',
);

// What a mark before a URL says of its end.
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

const KEY = /(?:^|[,;|&([{])[\w.-]{1,64}=$/;

/** The mark that ends a URL which starts at `start`; undefined where only its own characters decide. */
function closerOf(text: string, start: number): { opener: string; closer: string } | undefined {
  const last = text.slice(start - 1, start);
  const key = last === '=' ? KEY.exec(text.slice(Math.max(0, start - 70), start))?.[0] : undefined;
  const opener = key === undefined ? last : key.charAt(0);
  const closer = CLOSERS.get(opener);
  return closer === undefined ? undefined : { opener, closer };
}

/**
 * The index behind the path, query and fragment of a URL. `start` is that of the URL, `from` that of its path. A URL straight behind a
 * bracket, quote or delimiter ends where that is closed or comes again.
 */
export function endOfRest(
  text: string,
  { start, from, hasBackslashes = false }: { start: number; from: number; hasBackslashes?: boolean },
): number {
  const { opener, closer } = closerOf(text, start) ?? {};
  let depth = 0;
  let isInQuery = text.charAt(from) === '?';
  let at = from;
  for (;;) {
    END.lastIndex = at;
    const end = END.exec(text);
    if (!end) return text.length;
    const [found, label, backslash, mark] = end;
    if (mark === '?') isInQuery = true;
    const isPassed = (label !== undefined && isInQuery) || mark !== undefined || (backslash !== undefined && hasBackslashes);
    if (mark !== undefined && mark === closer && depth-- === 0) return end.index;
    if (mark !== undefined && mark === opener && mark !== closer) depth += 1;
    if (!isPassed) return end.index;
    at = end.index + found.length;
  }
}

const OPENER_OF = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
]);

/** A URL without what the sentence around it left at its end: punctuation, and brackets that it did not open. */
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
