/**
 * The values of all headers of this name, in lower case, among headers as they came: name and value in turn. To have all of them made into
 * an object takes as long as to read the request.
 */
export function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() === name) values.push(rawHeaders[at + 1] ?? '');
  }
  return values;
}
