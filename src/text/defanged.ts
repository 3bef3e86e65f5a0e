/*
 * The forms of defanging, as sources of regular expressions. Each is bounded or unambiguous, so that expressions built from
 * them take linear time. Schemes are matched without the `u` flag: with `i`, `s` would also match `ſ`.
 */

const OPEN = String.raw`[[({]`;
const CLOSE = String.raw`[\])}]`;
const BLANKS = String.raw`\s{0,2}`;

/** A dot escaped for a regular expression, also within a string of JSON or code. */
export const ESCAPED_DOT = String.raw`\\{1,4}\.`;

/** A dot between two labels or octets, plain or defanged. A single bracket or a blank counts only here, next to a dot. */
export const DOT = String.raw`(?:[ \t]{0,2}${OPEN}{1,2}${BLANKS}(?:\.|[dD][oO][tT])${BLANKS}${CLOSE}{1,2}[ \t]{0,2}|${ESCAPED_DOT}|<\.>|[[\]]\.[\])[]?|\.[\])[]?)`;

/** A colon in brackets. */
export const BRACKETED_COLON = String.raw`[[({]\s?:\s?[\])}]`;

/** An at sign in brackets, or the word. */
export const BRACKETED_AT = String.raw`[[(]\s?(?:@|[aA][tT])\s?[\])]`;

/** A slash in square brackets; real URLs and prose have it in other brackets. */
export const BRACKETED_SLASH = String.raw`\[\/\]`;

const COLON = `(?::|${BRACKETED_COLON})`;
const SLASH = String.raw`(?:\\?\/|${BRACKETED_SLASH})`;

/** Between scheme and host: `://`, with brackets around any part of it, with one bracket only, or with slashes escaped as in JSON. */
export const SEPARATOR = String.raw`(?:${COLON}(?:${SLASH}{2}|${OPEN}\/\/${CLOSE})|${OPEN}\s?:\/\/(?:\s?${CLOSE})?|\[:\/\]\/)`;

/** Separators that count only after a known scheme, since after a drive letter, for example, they mean something else: `:\\`, `__`, `:/`, `//` and `_//`. */
export const LOOSE_SEPARATOR = String.raw`(?:${COLON}\\\\|:?__|:\/(?!\/)|_?\/\/)`;

/** The stand-ins for schemes. */
const DEFANGED_SCHEME = String.raw`(?:h(?:xx?|xt|tx|\*\*|\+\+|--|__|\[tt\]|\[xx\])p(?:s|\[s\])?|http\[s\]|s?fxp|f(?:x|\[t\]|\*)ps?|ftxs?|meow)`;

/** A separator after a blank; counts only after a known scheme. */
export const BROKEN_SEPARATOR = String.raw`\s${SEPARATOR}`;

/** The schemes that are defanged, and their stand-ins. */
export const KNOWN_SCHEME = String.raw`(?:https?|ftps?|${DEFANGED_SCHEME})`;

const STAND_IN = new RegExp(`^${DEFANGED_SCHEME}$`);

/** The scheme that a stand-in replaces; any other scheme unchanged. */
export function toRealScheme(written: string): string {
  const lower = written.toLowerCase();
  if (lower === 'meow') return 'http';
  if (!STAND_IN.test(lower)) return written;
  if (lower === 'sfxp') return 'sftp';
  return `${lower.startsWith('h') ? 'http' : 'ftp'}${/s\]?$/.test(lower) ? 's' : ''}`;
}

/** Invisible characters (soft hyphen, zero-width, direction marks, variation selectors), for a class of a regular expression. */
export const INVISIBLE_CHARACTERS = String.raw`\u00AD\u034F\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFE00-\uFE0F\uFEFF`;

const INVISIBLES = new RegExp(`[${INVISIBLE_CHARACTERS}]`, 'g');

/** The text without invisible characters. */
export function toVisibleText(text: string): string {
  return text.replace(INVISIBLES, '');
}

/** Defangs a value: `hxxp://panel[.]example/x`, `192[.]0[.]2[.]1`. The path stays unchanged. */
export function defang(value: string): string {
  const [, scheme = '', authority = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)?([^/?#\\]*)(.*)$/is.exec(value) ?? [];
  return scheme.replace(/^http/i, 'hxxp') + authority.replaceAll('.', '[.]') + rest;
}
