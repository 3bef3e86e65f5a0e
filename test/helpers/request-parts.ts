/** What stands before and behind the first separator; nothing behind, where there is none. */
export function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** What a query asks about, as `RecordedRequest` has it. */
export function keyOf(query: string): string | null {
  const parameter = query.split('&').find((part) => part.startsWith('url='));
  if (parameter === undefined) return null;
  const raw = parameter.slice('url='.length);
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

/** What a record holds by itself under a key, which may be any text, `constructor` too. */
export function ownValue<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
