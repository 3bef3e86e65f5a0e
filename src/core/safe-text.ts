// Controls, line separators and characters without a visible form, such as bidi marks, zero-width blanks and tags (Unicode TR 36, sections
// 2.10 and 3.2; UAX 44, Default_Ignorable_Code_Point).
const UNSAFE = /[\p{Cc}\u2028\u2029\uFFF9-\uFFFB\p{Default_Ignorable_Code_Point}]/gu;

/** Makes external text safe to show on one line: control and invisible characters become U+FFFD. */
export function toVisible(text: string): string {
  return text.toWellFormed().replace(UNSAFE, '\uFFFD');
}

/** At most the first `maxLength` UTF-16 units of a text, without splitting a surrogate pair. */
export function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '');
}

/** As `cut`, but with `…` at the end of a cut text. */
export function shorten(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${cut(text, maxLength)}…`;
}

/** JSON text with control and invisible characters escaped; the value is the same. */
export function toSafeJson(value: unknown, spaces?: number): string {
  return escapeJson(JSON.stringify(value, null, spaces));
}

// Those that JSON.stringify does not escape.
const UNSAFE_IN_JSON = /[\u007F-\u009F\u2028\u2029\uFFF9-\uFFFB\p{Default_Ignorable_Code_Point}]/u;
const ALL_UNSAFE_IN_JSON = new RegExp(UNSAFE_IN_JSON, 'gu');

/** Escapes the same characters in JSON text, as `JSON.stringify` writes it. */
export function escapeJson(json: string): string {
  // Nearly all texts contain none, and a test is three times as fast as a replacement.
  if (!UNSAFE_IN_JSON.test(json)) return json;
  return json.replace(ALL_UNSAFE_IN_JSON, (character) => character.split('').map(toEscape).join(''));
}

/** JSON escapes each half of a surrogate pair separately (RFC 8259, section 7). */
function toEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
