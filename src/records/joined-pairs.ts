import type { FieldValue } from './url-fields.ts';
import { makeUrls } from './url-fields.ts';

// `key=value`, `key="value"`, `key: "value"` and `[key "value"]`.
const START = String.raw`(?<![\w.-])`;
const MARK = String.raw`(?:=|:? ?(?="))"?`;
const PATH = new RegExp(
  String.raw`${START}(?:url|uri|arg|obj|request|request_?uri|http_?url|uri_?path)${MARK}(?:[A-Z]{3,10} )?(/[^\s"]*)`,
  'i',
);
// Most lines have none of these.
const MAY_NAME_PATH = /[="](?:[A-Z]{3,10} )?\//i;
const HOST = new RegExp(
  String.raw`${START}(?:host|hostname|http_?host|vhost|dstname|url)${MARK}([\w-]{1,63}(?:\.[\w-]{1,63}){1,30}(?::\d{1,5})?)(?=["\s;,\]]|$)`,
  'i',
);
const PORT = new RegExp(String.raw`${START}(?:dst_?port|dpt)${MARK}(\d{1,5})(?!\d)`, 'i');

/**
 * A line of a firewall's log, or of a server's, with the host that one pair names and the path of another made one URL, in place of the
 * host: `hostname="panel.example" url="/x"`. Any other line as it is. Takes linear time.
 */
export function joinPairs(text: string): string {
  if (!MAY_NAME_PATH.test(text)) return text;
  const path = PATH.exec(text);
  const host = path && HOST.exec(text);
  if (!host) return text;
  const named: FieldValue = { role: 'host', value: host[1] ?? '' };
  const fields: FieldValue[] = [
    named,
    { role: 'link', value: path[1] ?? '' },
    { role: 'port', value: PORT.exec(text)?.[1] ?? '' },
  ];
  const made = makeUrls(fields)?.get(named)?.[0];
  if (made === undefined || typeof made === 'string') return text;
  const edits = [
    { match: host, by: made.url },
    { match: path, by: '' },
  ].sort((one, other) => other.match.index - one.match.index);
  return edits.reduce((joined, { match, by }) => {
    const end = match.index + match[0].length;
    return joined.slice(0, end - (match[1] ?? '').length) + by + joined.slice(end);
  }, text);
}
