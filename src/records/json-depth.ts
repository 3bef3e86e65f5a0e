/** Documents have fewer levels than this. */
export const MAX_JSON_LEVELS = 1_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The offset of the bracket that opens level 1,000 of JSON text; -1 for none. Takes linear time, even for invalid JSON. */
export function findTooDeep(text: string): number {
  if (text.length < MAX_JSON_LEVELS) return -1;
  let level = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = toStringEnd(text, at);
    else if (code === 0x5b || code === 0x7b) {
      level += 1;
      if (level >= MAX_JSON_LEVELS) return at;
    } else if (code === 0x5d || code === 0x7d) level -= 1;
  }
  return -1;
}

/** The offset of the quote that ends the string which starts at `start`, or the length of the text. */
function toStringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at += 1;
  }
  return text.length;
}
