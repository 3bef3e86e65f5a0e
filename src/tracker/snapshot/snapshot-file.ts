import { formatCount, toAmount } from '../../core/amount.ts';
import { isDay } from '../../core/day.ts';
import { CctError } from '../../core/errors.ts';
import { shorten, toSafeJson } from '../../core/safe-text.ts';

/*
 * The snapshot file, version 1: UTF-8 text that grep, cut and awk can read. It may be compressed with gzip.
 *
 *   # cct snapshot 1
 *   # date: 2018-01-31
 *   # origin: where the list came from
 *   # entries: 2
 *   # columns: date covers url ip family
 *   2018-01-14 <tab> url <tab> panel.example/d12/cp.php?m=login <tab> 198.51.100.60 <tab> Pony
 *   <tab> host <tab> drop.example <tab> <tab> Keitaro
 *
 * The first line names the format and its version. The other header lines also start with `#` and precede the rows, in any order; unknown
 * ones are comments. Rows are in the list's order, newest first, with a tab between columns. The last line ends with a line break.
 * Backslash, tab, CR and LF are written `\\`, `\t`, `\r` and `\n`, other control characters and lone surrogates as `\u` and four hexadecimal
 * digits.
 */

/** An entry of the tracker's list; it has a url, an address, or both. */
export interface SnapshotEntry {
  /** When it was listed, `YYYY-MM-DD`; '' if unknown. */
  readonly date: string;
  /** `url`: this URL. `host`: all URLs on the host, from a host list. */
  readonly covers: 'url' | 'host';
  /** `host[:port][/path][?query]` without a scheme, byte for byte as listed; '' if only an address is known. */
  readonly url: string;
  /** The address of the host when it was listed; '' if unknown. */
  readonly ip: string;
  /** The tracker's TYPE column, free text; may be ''. */
  readonly family: string;
}

/** A local copy of the tracker's list, newest entries first. */
export interface Snapshot {
  /** The date of the list, `YYYY-MM-DD`. */
  readonly date: string;
  /** Where it came from, for messages. */
  readonly origin: string;
  readonly entries: readonly SnapshotEntry[];
}

const FIRST_LINE = '# cct snapshot ';
const VERSION = '1';
const COLUMNS = ['date', 'covers', 'url', 'ip', 'family'] as const;
const QUOTED_AT_MOST = 60;

/** Quotes external text for a message: at most 60 characters, none that controls a terminal. */
export function toQuoted(text: string): string {
  return toSafeJson(shorten(text, QUOTED_AT_MOST));
}

/** Whether a text is a snapshot file, of any version. */
export function isSnapshotText(text: string): boolean {
  return text.startsWith(FIRST_LINE);
}

/** Writes the format above; `parseSnapshot` reads it. */
export function writeSnapshot({ date, origin, entries }: Snapshot): string {
  const header = [
    `${FIRST_LINE}${VERSION}`,
    `# date: ${date}`,
    `# origin: ${escape(origin)}`,
    `# entries: ${entries.length}`,
    `# columns: ${COLUMNS.join(' ')}`,
  ];
  const rows = entries.map((entry) => COLUMNS.map((column) => escape(entry[column])).join('\t'));
  return `${[...header, ...rows].join('\n')}\n`;
}

const ESCAPED = /[\\\p{Cc}\p{Cs}]/gu;
const SHORT_ESCAPE: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\r': '\\r', '\n': '\\n' };

function escape(text: string): string {
  return text.replace(
    ESCAPED,
    (character) => SHORT_ESCAPE[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Parses the format above. Throws `input` with the line number for anything else: another version, a truncated file, an invalid date, an
 * unknown escape, a row with neither url nor address.
 */
export function parseSnapshot(text: string): Snapshot {
  const lines = toLines(text);
  const header = parseHeader(lines);
  const entries: SnapshotEntry[] = [];
  const days = new Set(['']);
  for (let at = header.lineCount; at < lines.length; at += 1) entries.push(parseRow(lines[at] ?? '', at + 1, days));
  if (entries.length !== header.entryCount) {
    const why = entries.length < header.entryCount ? '; it is truncated' : '';
    throw new CctError(
      'input',
      `the header says ${toAmount(header.entryCount, 'entry', 'entries')}, but the file has ${formatCount(entries.length)}${why}`,
    );
  }
  return { date: header.date, origin: header.origin, entries };
}

function toLines(text: string): string[] {
  // An editor on Windows may have changed line ends. A carriage return in the list itself is escaped.
  const lines = (text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text).split('\n');
  const [first = ''] = lines;
  if (!isSnapshotText(first)) broken(1, `expected "${FIRST_LINE}${VERSION}", the first line of a cct snapshot`);
  const version = first.slice(FIRST_LINE.length);
  if (version !== VERSION) broken(1, `unsupported snapshot version ${toQuoted(version)}; this cct reads version ${VERSION}`);
  if (lines.pop() !== '') broken(lines.length + 1, 'the file is truncated: the last line has no line break');
  return lines;
}

interface Header {
  readonly date: string;
  readonly origin: string;
  readonly entryCount: number;
  readonly lineCount: number;
}

function parseHeader(lines: readonly string[]): Header {
  const end = lines.findIndex((line) => !line.startsWith('#'));
  const lineCount = end === -1 ? lines.length : end;
  const find = (name: string): { value: string; line: number } => {
    const prefix = `# ${name}:`;
    const at = lines.slice(0, lineCount).findIndex((line) => line.startsWith(prefix));
    if (at === -1) return broken(lineCount + 1, `expected the header line "${prefix} …" before this`);
    return { value: (lines[at] ?? '').slice(prefix.length).replace(/^ /, ''), line: at + 1 };
  };
  const date = find('date');
  if (!isDay(date.value)) broken(date.line, `expected a YYYY-MM-DD date, found ${toQuoted(date.value)}`);
  const origin = find('origin');
  const count = find('entries');
  if (!/^\d{1,9}$/.test(count.value)) broken(count.line, `expected a number of entries, found ${toQuoted(count.value)}`);
  const columns = find('columns');
  const expected = COLUMNS.join(' ');
  if (columns.value !== expected) broken(columns.line, `expected the columns "${expected}", found ${toQuoted(columns.value)}`);
  return { date: date.value, origin: unescape(origin.value, origin.line), entryCount: Number(count.value), lineCount };
}

/** `days` caches valid dates: checking one takes as long as the rest of a row. */
function parseRow(row: string, line: number, days: Set<string>): SnapshotEntry {
  const cells = row.split('\t');
  if (cells.length !== COLUMNS.length) broken(line, `expected ${COLUMNS.length} columns, found ${cells.length}`);
  const [date = '', covers = '', url = '', ip = '', family = ''] = cells;
  if (!days.has(date) && !isDay(date)) broken(line, `expected a YYYY-MM-DD date or nothing, found ${toQuoted(date)}`);
  days.add(date);
  if (covers !== 'url' && covers !== 'host') return broken(line, `expected url or host, found ${toQuoted(covers)}`);
  if (url === '' && ip === '') broken(line, 'expected a url or an address, found neither');
  return { date, covers, url: unescape(url, line), ip: unescape(ip, line), family: unescape(family, line) };
}

const UNESCAPED: Readonly<Record<string, string>> = { '\\': '\\', t: '\t', r: '\r', n: '\n' };

function unescape(cell: string, line: number): string {
  if (!cell.includes('\\')) return cell;
  return cell.replace(/\\(u[0-9a-f]{4}|.?)/gsu, (found, code: string) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return UNESCAPED[code] ?? broken(line, `unknown escape ${toQuoted(found)}`);
  });
}

function broken(line: number, what: string): never {
  throw new CctError('input', `line ${line}: ${what}`);
}
