const SCHEME = String.raw`(?:h[tx*]{2}ps?|ftp)`;
// A file of a terminal's output holds its colours (ECMA-48, SGR).
const COLOUR = String.raw`\u001B\[[\d;]*m`;
// In such a URL a backslash is a slash: `http:\\panel.example\new`.
const BACKSLASH_URL = String.raw`${SCHEME}:\\\\(?!\/)[^\s"'<>]*`;
// An encoded URL in another one is part of that.
const WHOLE_URL = String.raw`[a-z][a-z0-9*]{2,6}:\\?\/\\?\/[^\s"'<>]*`;
// JSON, C and YARA; doubled where one text holds another. Not `\new{`, a command of LaTeX.
const ESCAPE = String.raw`\\{1,4}(?:([nrtbfv0])(?![a-z]*[{[])|u([0-9a-f]{4})|x([0-9a-f]{2})|(["'/]))`;
const MARKDOWN_ESCAPE = String.raw`\\([[\](){}_*~\`+|<>#!-])`;
const ENTITY = '&(?:amp;)*(amp|quot|lt|gt|apos|nbsp|#\\d{1,7}|#x[0-9a-f]{1,6});';
const ENCODED_URL = String.raw`\b(?:https?|ftp)%3a%2f%2f[^\s"'<>&;,|]*`;

// A quoted URL in the query of one without a scheme, and a URL behind a blank, a bracket or an equals sign.
const QUOTED_URL = String.raw`%(2[27])(${SCHEME}:\/\/[^\s"'<>]*?)%\7`;
const MARK_BEFORE_URL = String.raw`%(20|28|2c|3b|3c|3d|5b|7b)(?=${SCHEME}:\/\/)`;

// Windows' DNS log: `(5)panel(7)example(0)`.
const DNS_LABELS = String.raw`((?:\(\d{1,2}\)[\w-]{1,63}){2,127})\(0\)`;

const PIECES = [ESCAPE, MARKDOWN_ESCAPE, ENTITY];
const ENCODED_IN_URL = new RegExp(PIECES.join('|'), 'gi');
const ENCODED = new RegExp(
  [...PIECES, QUOTED_URL, MARK_BEFORE_URL, `(${ENCODED_URL})`, DNS_LABELS, COLOUR, BACKSLASH_URL, `(${WHOLE_URL})`].join('|'),
  'gi',
);
// Most text holds none of it.
const MARKS = ['\\', '&', '\u001B', '(0)'];
const MAY_HOLD_PERCENT = /%3a|%..(?:h..p|ftp)/i;

const NAMED_ENTITIES = new Map([
  ['amp', '&'],
  ['quot', '"'],
  ['lt', '<'],
  ['gt', '>'],
  ['apos', "'"],
  ['nbsp', ' '],
]);

/**
 * Text as a reader sees it: escapes of JSON, Markdown and HTML and encoded URLs are decoded, a terminal's colours are removed. An escaped
 * line break, tab or NUL becomes a blank.
 */
export function toPlainText(text: string): string {
  const isEncoded = MARKS.some((mark) => text.includes(mark)) || (text.includes('%') && MAY_HOLD_PERCENT.test(text));
  return isEncoded ? text.replace(ENCODED, decodePiece) : text;
}

function decodePiece(piece: string, ...groups: (string | undefined)[]): string {
  const [, , , , , , quote, quotedUrl, mark, encodedUrl, dnsLabels, url] = groups;
  if (quote !== undefined) return ` "${quotedUrl ?? ''}" `;
  if (mark !== undefined) return toCharacter(Number.parseInt(mark, 16));
  if (encodedUrl !== undefined) return decodePercent(encodedUrl);
  if (dnsLabels !== undefined) return `query: ${dnsLabels.replace(/\(\d+\)/g, '.').slice(1)}`;
  if (url !== undefined) return url.replace(ENCODED_IN_URL, decodeEscape);
  return piece.startsWith('\u001B') ? '' : decodeEscape(piece, ...groups);
}

function decodeEscape(piece: string, ...groups: (string | undefined)[]): string {
  const [control, unicode, hex, quoted, markdown, entity] = groups;
  if (control !== undefined) return ' ';
  const code = unicode ?? hex;
  if (code !== undefined) return toCharacter(Number.parseInt(code, 16));
  return entity === undefined ? (quoted ?? markdown ?? piece) : decodeEntity(entity.toLowerCase());
}

function decodeEntity(entity: string): string {
  const named = NAMED_ENTITIES.get(entity);
  if (named !== undefined) return named;
  return toCharacter(entity.startsWith('#x') ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1)));
}

function toCharacter(code: number): string {
  return code < 0x20 || code > 0x10ffff ? ' ' : String.fromCodePoint(code);
}

function decodePercent(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
