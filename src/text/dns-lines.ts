/* The text around names in logs of name servers, where every name counts, whatever its ending and capitals. */

const NAME_BEFORE =
  /\b(?:query(?:\[[\w=]{1,12}\])?:?|resolving|reply|cached|forwarded|(?:gravity|exactly|regex) \w{5,15}|query failed \(\w{1,20}\) for) '?$/i;
const CLASS_BEFORE = /\b[A-Z]{1,10}\d{0,5} (?:IN|CH|HS) $/;
const BEHIND =
  /^\.? (?:IN [A-Z]{1,10}|[A-Z]{1,10} IN)\b|^\): query|^ is (?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}:[\da-f:]+|<CNAME>|NXDOMAIN|NODATA)(?![\w.])/;
// BIND: `resolving 'panel.example/A/IN'`, `for panel.example/IN/A`.
const PATH = /^\/(?:[A-Z]{1,10}\d{0,5}\/(?:IN|CH|HS|ANY)|(?:IN|CH|HS)\/[A-Z]{1,10}\d{0,5})$/;
// dnsmasq: `address=/panel.example/0.0.0.0`.
const OPTION = /\b(?:address|server|local|rev-server|ipset|nftset)=\/(?:[^\s/]{1,80}\/){0,4}$/;
const CONTEXT_LENGTH = 48;

/** Whether a name stands in the log of a name server. */
export function isInDnsLog(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - CONTEXT_LENGTH), start);
  return NAME_BEFORE.test(before) || CLASS_BEFORE.test(before) || BEHIND.test(text.slice(end, end + 24));
}

/** Whether the text after a name is its type and class in a log, not the path of a URL. */
export function isDnsPath(path: string): boolean {
  return PATH.test(path);
}

/** Whether an index is within an option of dnsmasq that takes names. */
export function isInDnsmasqOption(text: string, start: number): boolean {
  return text.slice(Math.max(0, start - 1), start) === '/' && OPTION.test(text.slice(Math.max(0, start - CONTEXT_LENGTH), start));
}
