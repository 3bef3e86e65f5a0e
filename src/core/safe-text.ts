// Controls, line separators and what is ignored in display: marks that reorder what is seen, blanks of no width, tags (Unicode TR 36,
// sections 2.10 and 3.2; UAX 44, Default_Ignorable_Code_Point). A terminal obeys them, or two texts that differ look the same.
const OBEYED = /[\p{Cc}\u2028\u2029\uFFF9-\uFFFB\p{Default_Ignorable_Code_Point}]/gu;

/** Text from outside made safe to show on one line: whatever a terminal would obey, or nobody would see, becomes U+FFFD. */
export function toVisible(text: string): string {
  return text.toWellFormed().replace(OBEYED, '\uFFFD');
}

/** The first `maxLength` UTF-16 units of a text, of which no surrogate pair is cut in two; a text that is no longer stays as it is. */
export function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '');
}

/** JSON with everything escaped that a terminal would obey, that would reorder what is seen, or that nobody would see. The value is the same. */
export function toSafeJson(value: unknown, spaces?: number): string {
  return escapeJson(JSON.stringify(value, null, spaces));
}

// What of these JSON.stringify leaves as it is. The C0 controls it escapes; its own line breaks stay, and are many.
const OBEYED_IN_JSON = /[\u007F-\u009F\u2028\u2029\uFFF9-\uFFFB\p{Default_Ignorable_Code_Point}]/u;
const ALL_OBEYED_IN_JSON = new RegExp(OBEYED_IN_JSON, 'gu');

/** Escapes the same characters in JSON text, as `JSON.stringify` writes it. */
export function escapeJson(json: string): string {
  // Nearly all texts hold none, and to look takes a third of the time of a replacement.
  if (!OBEYED_IN_JSON.test(json)) return json;
  return json.replace(ALL_OBEYED_IN_JSON, (character) => character.split('').map(toEscape).join(''));
}

/** Of a character beyond the first 65,536, JSON escapes each half by itself (RFC 8259, section 7). */
function toEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
