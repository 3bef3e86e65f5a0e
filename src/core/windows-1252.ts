const decoder = new TextDecoder('windows-1252');

/** Decodes bytes that are not UTF-8, assuming the most likely encoding. */
export function decodeWindows1252(bytes: Uint8Array): string {
  // Without `stream`, Node 20 decodes them as ISO 8859-1.
  return decoder.decode(bytes, { stream: true });
}
