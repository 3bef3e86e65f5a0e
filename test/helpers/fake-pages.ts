import type { ServerResponse } from 'node:http';

/** A row of the tracker's list. `date` is `DD-MM-YYYY`, `url` is `host[:port]/path`, `ip` is '' where the host is an address. */
export interface ListEntry {
  readonly date: string;
  readonly url: string;
  readonly ip: string;
  readonly family: string;
}

const DEFAULT_PAGE_SIZE = 40;

/** Answers as the recorded site does: chunked, always with PHP's content type. */
export function sendPage(
  response: ServerResponse,
  body: string | Buffer,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { ...recordedHeaders, ...headers });
  response.end(body);
}

/** The headers of every recorded answer. */
export const recordedHeaders = {
  Server: 'Apache',
  'X-Powered-By': 'PHP/7.0',
  'Content-Type': 'text/html; charset=UTF-8',
} as const;

/** The body of `query.php` with a message. */
export function renderAnswer(message: string): string {
  return JSON.stringify({ success: message.startsWith('Malicious'), message });
}

/** The end of an entry of `all.php`: `<br />` in the early years, a line break later. */
export type ListSeparator = '\n' | '<br />';

/** `all.php`: the urls of the entries. */
export function renderList(entries: readonly ListEntry[], separator: ListSeparator = '\n'): string {
  return entries.map(({ url }) => `${url}${separator}`).join('');
}

/** `index.php?s=&m=&search=`: a table of at most `m` rows from offset `s`, of the entries whose url, ip or family contains `search`. */
export function renderTable(entries: readonly ListEntry[], parameters: URLSearchParams, maxPageSize = Infinity): string {
  const search = parameters.get('search') ?? '';
  const offset = offsetOf(parameters);
  const pageSize = Math.min(maxPageSize, Math.max(1, toCount(parameters.get('m'), DEFAULT_PAGE_SIZE)));
  const wanted = search.toLowerCase();
  const found = entries.filter(({ url, ip, family }) => [url, ip, family].some((cell) => cell.toLowerCase().includes(wanted)));
  return toDocument(`<table class='ExploitTable' width='722'>
 <thead>
 <tr class='TableHeader'>
    <td width="59">-::DATE</td>
    <td  width='440'>-::URL</td>
    <td>-::IP</td>
    <td>-::TYPE</td>
    <td></td>
 </tr>
 </thead>
   <tbody>
${found
  .slice(offset, offset + pageSize)
  .map(toRow)
  .join('\n')}
</tbody>
</table>
${toNavigation(found.length, pageSize, search)}`);
}

/** `/`. */
export function renderHome(): string {
  return toDocument('<h1>CyberCrime</h1>');
}

/** An HTML page. */
export function toDocument(body: string): string {
  return `<!DOCTYPE html>\n<html><head><title>CyberCrime</title></head>\n<body>\n${body}\n</body></html>\n`;
}

function toRow({ date, url, ip, family }: ListEntry): string {
  const familyPage = `http://tracker.example/index.php?s=0&m=40&search=${escapeHtml(family)}`;
  return `\t\t<tr><td>${escapeHtml(date)}</td>
\t\t<td>${escapeHtml(url)}</td>
\t\t<td><a href="https://scan.example/en/ip-address/${escapeHtml(ip)}/information/" target="_blank">${escapeHtml(ip)}</a></td>
\t\t<td>${escapeHtml(family)}</td>
\t\t<td><a href="https://scan.example/latest-scan/http://${escapeHtml(url)}" target="_blank"><img src="vt.png" /></a> <a href="${familyPage}" ><img src="vwicn008.gif" title="Search the family" /></a></td></tr>`;
}

function toNavigation(count: number, pageSize: number, search: string): string {
  const pages = Math.ceil(count / pageSize);
  const query = `m=${pageSize}&search=${encodeURIComponent(search)}`;
  return Array.from({ length: pages }, (_, page) => `<a href="index.php?s=${page * pageSize}&${query}">${page + 1}</a>`).join(
    ' ',
  );
}

/** The first row of a page of `index.php`. */
export function offsetOf(parameters: URLSearchParams): number {
  return toCount(parameters.get('s'), 0);
}

function toCount(text: string | null, whenAbsent: number): number {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : whenAbsent;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
