// Controls, and the marks that reorder or break what is seen (Unicode TR 36, section 3.2): a terminal or a reader obeys them.
const OBEYED = /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu;

/** Text from outside made safe to show on one line: whatever a terminal would obey becomes U+FFFD. */
export function toVisible(text: string): string {
  return text.toWellFormed().replace(OBEYED, '\uFFFD');
}

/** The first `maxLength` UTF-16 units of a text, never ending in half a surrogate pair. */
export function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '');
}

/** JSON with everything escaped that a terminal would obey or that would reorder what is seen. The value is the same. */
export function toSafeJson(value: unknown, spaces?: number): string {
  return toSafeText(JSON.stringify(value, null, spaces));
}

// What of these JSON.stringify leaves as it is. The C0 controls it escapes; its own line breaks stay, and are many.
const OBEYED_IN_JSON = /[\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/;
const ALL_OBEYED_IN_JSON = new RegExp(OBEYED_IN_JSON, 'g');

/** The same for JSON that is text already, as `JSON.stringify` writes it. */
export function toSafeText(json: string): string {
  // Nearly all texts hold none, and to look takes a third of the time of a replacement.
  if (!OBEYED_IN_JSON.test(json)) return json;
  return json.replace(ALL_OBEYED_IN_JSON, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
