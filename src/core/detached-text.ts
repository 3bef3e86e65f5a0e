/** The same text in memory of its own. V8 keeps a piece of a text as a view, and with it the whole, a megabyte for a short key. */
export function detach(text: string): string {
  // UTF-16, because a lone surrogate would not survive UTF-8.
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
