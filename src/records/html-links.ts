import { decodePercent } from '../core/observables/percent.ts';
import type { Reading } from './format.ts';
import { addValue, searchText } from './search.ts';

const LINKS = new Set(
  'href src action formaction data poster background cite longdesc xlink:href originalsrc lowsrc dynsrc manifest'.split(' '),
);
const TEXTS = new Set('alt title value placeholder label summary content srcdoc aria-label'.split(' '));

// A longer value comes from a quote that is never closed.
const MAX_LINK = 16_384;

/** Whether an attribute can hold a link or text. */
export function isRead(name: string): boolean {
  // A redirect through Google to the link that `href` holds.
  if (name === 'data-saferedirecturl') return false;
  return LINKS.has(name) || TEXTS.has(name) || name === 'srcset' || name === 'style' || /^(?:on|data-)/.test(name);
}

/** Adds the links of one attribute, or searches it as text. `value` is decoded. */
export function addAttribute(name: string, value: string, reading: Reading, line?: number): void {
  if (name === 'srcset') {
    addCandidates(value, reading, line);
    return;
  }
  if (name === 'style') {
    addStyle(value, reading, line);
    return;
  }
  if (LINKS.has(name) || (name === 'content' && isAbsolute(value))) {
    addLink(value, reading, line);
    return;
  }
  const refresh = name === 'content' ? findRefresh(value) : undefined;
  if (refresh !== undefined) {
    addLink(refresh, reading, line);
    return;
  }
  searchLines(value, reading, line);
}

/** Adds an absolute link whole, as browsers read it; one without a host is ignored. */
function addLink(value: string, reading: Reading, line?: number): void {
  if (value.length > MAX_LINK || value.includes('<')) {
    searchLines(value, reading, line);
    return;
  }
  const link = trimControls(value).replace(/[\t\r\n]/g, '');
  const [, scheme] = /^([a-z][a-z\d+.-]*):/i.exec(link) ?? [];
  if (scheme === undefined) {
    addRelative(link, reading, line);
    return;
  }
  switch (scheme.toLowerCase()) {
    case 'http':
    case 'https':
    case 'ftp':
    case 'ftps': {
      addValue(withSlashes(link).replace(/^([a-z]+):\/{1,8}/i, '$1://'), reading, line);
      return;
    }
    case 'mailto': {
      reading.passOver('mail address', decode(link.slice('mailto:'.length).split('?', 1)[0] ?? ''), line);
      return;
    }
    case 'data': {
      searchData(link, reading, line);
      return;
    }
    case 'tel':
    case 'cid':
    case 'about':
      return;
    default: {
      // `javascript:` and the like are text whose escapes a browser decodes; defanged schemes are found in it too.
      searchLines(decode(value), reading, line);
      return;
    }
  }
}

/** A link as browsers read it: before its query, a backslash is a slash; so is `\/`, as scripts write it. */
function withSlashes(link: string): string {
  const end = /[?#]|$/.exec(link)?.index;
  return link.slice(0, end).replace(/\\\/?/g, '/') + link.slice(end);
}

function addRelative(link: string, reading: Reading, line?: number): void {
  // The scheme is that of the page, which is unknown.
  if (/^[/\\]{2}[^/\\]/.test(link)) {
    addValue(withSlashes(link.slice(2)), reading, line);
    return;
  }
  // A path may hold a whole URL, or be a defanged one.
  if (/:\/\/|%3a%2f%2f|\[\.\]/i.test(link)) searchLines(decode(link), reading, line);
}

function searchData(link: string, reading: Reading, line?: number): void {
  const comma = link.indexOf(',');
  const [head, body] = [link.slice(0, comma), link.slice(comma + 1)];
  if (comma < 0 || !/^data:(?:text\/|;|$|application\/(?:xhtml|json|javascript)|image\/svg)/i.test(head)) return;
  searchLines(/;\s*base64$/i.test(head) ? Buffer.from(decode(body), 'base64').toString('utf8') : decode(body), reading, line);
}

function addCandidates(value: string, reading: Reading, line?: number): void {
  // As browsers split them: a URL runs to a blank. Unless it ends in a comma, its size follows, up to the next comma.
  for (const [, url = ''] of value.matchAll(/([^\s,]\S*)(?:(?<!,)\s[^,]*)?/g)) addLink(url.replace(/,+$/, ''), reading, line);
}

function addStyle(value: string, reading: Reading, line?: number): void {
  const rest = value.replace(/url\(([^()]*)\)/gi, (_, link: string) => {
    addLink(link.trim().replace(/^["']|["']$/g, ''), reading, line);
    return ' ';
  });
  searchLines(rest, reading, line);
}

function findRefresh(value: string): string | undefined {
  const rest = /^[\s\d.;,]*url\s*=(.*)$/is.exec(value)?.[1]?.trim();
  const quote = rest === undefined ? undefined : /^["']/.exec(rest)?.[0];
  return quote === undefined ? rest : rest?.slice(1).split(quote, 1)[0];
}

const isAbsolute = (value: string) => /^\s*(?:https?|ftps?):\/\/\S+\s*$/i.test(value);

/** Searches each line of a text. */
export function searchLines(text: string, reading: Reading, line?: number): void {
  for (const part of text.split(/\r\n?|\n/)) if (/\S/.test(part)) searchText(part, reading, line);
}

function trimControls(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text.charCodeAt(start) <= 0x20) start += 1;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end -= 1;
  return text.slice(start, end);
}

const decode = (text: string) => decodePercent(text) ?? text;
