/** The first fields of an event, between unescaped `|`, and what follows them; undefined if there are fewer. */
export function splitHeader(
  body: string,
  fields: number,
): { readonly header: readonly string[]; readonly rest: string } | undefined {
  const header: string[] = [];
  let start = 0;
  for (let at = 0; at < body.length; at += 1) {
    if (body[at] === '\\') at += 1;
    else if (body[at] === '|') {
      header.push(body.slice(start, at).replace(/\\([\\|])/g, '$1'));
      start = at + 1;
      if (header.length === fields) return { header, rest: body.slice(start) };
    }
  }
  return undefined;
}

// A value may hold blanks, so it ends only before the next key.
const KEY = /(?:^|\s)([\w.[\]-]+)=/g;

/** The fields of a CEF event, unescaped. Text before the first key has the key ''. */
export function splitExtension(text: string): [key: string, value: string][] {
  const fields: [string, string][] = [];
  let key = '';
  let start = 0;
  for (const match of text.matchAll(KEY)) {
    addField(fields, key, text.slice(start, match.index));
    key = match[1] ?? '';
    start = match.index + match[0].length;
  }
  addField(fields, key, text.slice(start));
  return fields;
}

function addField(fields: [string, string][], key: string, raw: string): void {
  const value = unescapeCef(raw).trim();
  if (value !== '') fields.push([key, value]);
}

const ESCAPED = new Map([
  ['n', '\n'],
  ['r', '\r'],
]);

/** The text of a value of CEF. A backslash before any other character stays: paths are often not escaped. */
function unescapeCef(text: string): string {
  return text.replace(/\\([\\=|nr])/g, (_escape, character: string) => ESCAPED.get(character) ?? character);
}

const DELIMITER = /^(?:(?:0x|x|\\x)([0-9a-f]{1,4})|([^\w\s=|]|\t|))\|/i;

/** The fields of a LEEF event. Version 2 may name the delimiter first, as itself or by its code. */
export function splitAttributes(text: string, namesDelimiter: boolean): [key: string, value: string][] {
  const named = namesDelimiter ? DELIMITER.exec(text) : null;
  const delimiter = named?.[1] === undefined ? named?.[2] : String.fromCharCode(Number.parseInt(named[1], 16));
  const fields: [string, string][] = [];
  for (const field of text.slice(named?.[0].length ?? 0).split(delimiter === undefined || delimiter === '' ? '\t' : delimiter)) {
    const equals = field.indexOf('=');
    const value = field
      .slice(equals + 1)
      .replaceAll('\\=', '=')
      .trim();
    if (value !== '') fields.push([field.slice(0, Math.max(equals, 0)).trim(), value]);
  }
  return fields;
}
