const decoder = new TextDecoder('windows-1252');

/** The text of bytes that are no UTF-8, in the encoding that they most likely have. */
export function decodeWindows1252(bytes: Uint8Array): string {
  // Without `stream`, Node 20 decodes them as ISO 8859-1.
  return decoder.decode(bytes, { stream: true });
}
