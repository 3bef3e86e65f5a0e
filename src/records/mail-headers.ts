import { decodeWords } from 'postal-mime';
import { decodePercent } from '../core/observables/percent.ts';

/** One header, unfolded; its value as it stands. */
export interface MailHeader {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
}

/** A value such as `text/plain; charset=utf-8`. */
export interface StructuredValue {
  /** In lower case. */
  readonly value: string;
  /** By name in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

// A URL at the start of a body is not a header.
const HEADER = /^[!-9;-~]+[ \t]*:(?!\/\/)/;

/** Whether a line begins a header. */
export function isHeaderStart(line: string): boolean {
  return HEADER.test(line);
}

/** The headers of lines, of which those that begin with a blank continue the one before. */
export function parseHeaders(lines: readonly string[]): MailHeader[] {
  const headers: { name: string; parts: string[] }[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const last = headers.at(-1);
    if (/^[ \t]/.test(line)) last?.parts.push(line.trim());
    else if (colon > 0) headers.push({ name: line.slice(0, colon).trim().toLowerCase(), parts: [line.slice(colon + 1).trim()] });
  }
  return headers.map(({ name, parts }) => ({ name, value: parts.join(' ') }));
}

/** The first header of a name; later ones are ignored by mail programs too. */
export function findHeader(headers: readonly MailHeader[], name: string): string | undefined {
  return headers.find((header) => header.name === name)?.value;
}

/** Decodes the encoded words of a header (RFC 2047). */
export function decodeHeader(value: string): string {
  return value.includes('=?') ? decodeWords(value) : value;
}

const PARAMETER = /;\s*([^\s=;*]+)(?:\*(\d{1,3}))?(\*)?\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;\s]*))/g;

/** Reads a value and its parameters, also those that come in numbered pieces (RFC 2231). */
export function parseStructured(text: string): StructuredValue {
  const value = (text.split(';', 1)[0] ?? '')
    .replace(/\([^()]*\)/g, '')
    .trim()
    .toLowerCase();
  const parameters = new Map<string, string>();
  for (const [, name = '', number, isEncoded, quoted, bare = ''] of text.matchAll(PARAMETER)) {
    const key = name.toLowerCase();
    const piece = quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1');
    const decoded = isEncoded === undefined ? piece : decodeExtended(piece, number === undefined || number === '0');
    const before = parameters.get(key);
    if (before === undefined) parameters.set(key, decoded);
    else if (number !== undefined && number !== '0') parameters.set(key, before + decoded);
  }
  return { value, parameters };
}

/** Decodes `charset'language'percent-encoded`; the charset only matters for names, which are shown and not searched. */
function decodeExtended(piece: string, hasCharset: boolean): string {
  const text = hasCharset ? piece.replace(/^[^']*'[^']*'/, '') : piece;
  return decodePercent(text) ?? text;
}
