import type { FieldValue } from './url-fields.ts';
import { makeUrls } from './url-fields.ts';

/* HTTP requests with a header on each line, as sandboxes, `curl -v` and reports show them. */

const MARGIN = String.raw`[>|\s]{0,8}`;
const REQUEST_LINE = new RegExp(String.raw`^${MARGIN}[A-Z]{3,10} (/\S*) HTTP/\d`);
const HOST_LINE = new RegExp(String.raw`^(${MARGIN}host:\s{0,3})(\S+)\s*$`, 'i');
const MAX_HEADERS = 20;

/**
 * Returns a function that takes the lines of a text in order. It returns each as it is, except a `Host` header, which becomes the URL of
 * its request: `Host: http://panel.example/x`.
 */
export function createRequestJoiner(): (line: string) => string {
  let path = '';
  let headersLeft = 0;
  return (line) => {
    const requested = REQUEST_LINE.exec(line)?.[1];
    if (requested !== undefined) {
      path = requested;
      headersLeft = MAX_HEADERS;
      return line;
    }
    if (headersLeft === 0) return line;
    const [, name = '', host = ''] = HOST_LINE.exec(line) ?? [];
    headersLeft = host !== '' || line.trim() === '' ? 0 : headersLeft - 1;
    return host === '' ? line : name + toUrl(host, path);
  };
}

function toUrl(host: string, path: string): string {
  const named: FieldValue = { role: 'host', value: host };
  const made = makeUrls([named, { role: 'link', value: path }])?.get(named)?.[0];
  return typeof made === 'object' ? made.url : host;
}

/** A text of several lines with its `Host` headers joined so. */
export function joinRequests(text: string): string {
  return text.includes('\n') ? text.split('\n').map(createRequestJoiner()).join('\n') : text;
}
