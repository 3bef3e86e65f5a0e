/*
 * How people write what must not be clicked, as sources of regular expressions. Every piece is bounded or unambiguous, so
 * that what is built from them takes linear time. Schemes are matched without the `u` flag: with `i`, `s` would also be `ſ`.
 */

const OPEN = String.raw`[[({]`;
const CLOSE = String.raw`[\])}]`;
const BLANKS = String.raw`\s{0,2}`;

/** A dot between two labels or octets, plain or defanged. Half a bracket or a blank counts only here, next to a dot. */
export const DOT = String.raw`(?:[ \t]{0,2}${OPEN}${BLANKS}(?:\.|dot)${BLANKS}${CLOSE}[ \t]{0,2}|\\\.|\[\.|\.\]?)`;

/** A colon in brackets. */
export const BRACKETED_COLON = String.raw`[[({]\s?:\s?[\])}]`;

/** An at sign in brackets, or the word. */
export const BRACKETED_AT = String.raw`[[(]\s?(?:@|at)\s?[\])]`;

/** A slash in square brackets; other brackets around one stand in real URLs and prose. */
export const BRACKETED_SLASH = String.raw`\[\/\]`;

const COLON = `(?::|${BRACKETED_COLON})`;
const SLASH = String.raw`(?:\\?\/|${BRACKETED_SLASH})`;

/**
 * What stands between scheme and host: `://`, with brackets around any part of it, with one bracket only, or with slashes
 * escaped as in JSON.
 */
export const SEPARATOR = String.raw`(?:${COLON}(?:${SLASH}{2}|${OPEN}\/\/${CLOSE})|${OPEN}\s?:\/\/(?:\s?${CLOSE})?)`;

/** Separators that would be something else after an unknown word, such as a drive letter: `:\\` and `__`. */
export const LOOSE_SEPARATOR = String.raw`(?::\\\\|__)`;

/** The schemes that are defanged, and what is written for them. */
export const KNOWN_SCHEME = String.raw`(?:https?|ftps?|h(?:xx|\*\*)ps?|fxps?|meow)`;

/** The scheme that a stand-in stands for; any other is given back as it is written. */
export function toRealScheme(written: string): string {
  const lower = written.toLowerCase();
  if (lower === 'meow') return 'http';
  if (/^h(?:xx|\*\*)ps?$/.test(lower)) return lower.endsWith('s') ? 'https' : 'http';
  if (/^fxps?$/.test(lower)) return lower.endsWith('s') ? 'ftps' : 'ftp';
  return written;
}
