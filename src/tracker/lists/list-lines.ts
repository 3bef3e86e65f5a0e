import { CctError } from '../../core/errors.ts';
import { parseAuthority, normaliseHost } from '../../core/observables/host.ts';
import { toSchemeless } from '../../core/observables/observable.ts';
import type { AddNote, ListReading } from './list-reading.ts';
import { MAX_ENTRIES, readRows, requireEntries } from './list-reading.ts';
import type { SnapshotEntry } from '../snapshot/snapshot-file.ts';
import { toQuoted } from '../snapshot/snapshot-file.ts';

// Over the years, lines of `all.php` have ended with a line break, `<br />`, or both.
const LINE_END = /(?:<br ?\/?>)?\r?\n|<br ?\/?>/i;

const BREAK_AT_END = /<br ?\/?>$/i;

/** Whether a text ends with a line end, ignoring blanks. Takes linear time. */
export function endsInLineEnd(text: string): boolean {
  const end = text.trimEnd();
  return text.includes('\n', end.length) || BREAK_AT_END.test(end.slice(-'<br />'.length));
}

/**
 * Parses the tracker's `all.php`: one `host[:port]/path` per line, newest first. Ignores blank lines and lines that begin with `#` or `<`;
 * drops lines without a dotted host, with a note. Throws `input` if it drops more than half, since the text is then no such list.
 */
export function parseLineList(text: string): ListReading {
  const reading = readRows(numberLines(text), parseLine);
  const dropped = reading.notes.length;
  const lines = dropped + reading.entries.length;
  if (dropped * 2 > lines) {
    throw new CctError('input', 'unknown list format; see `cct snapshot import --help` for the formats');
  }
  return requireEntries(reading);
}

function* numberLines(text: string): Generator<[line: number, url: string]> {
  for (const [at, line] of text.split(LINE_END, MAX_ENTRIES + 1).entries()) {
    const trimmed = line.trim();
    if (trimmed !== '' && !trimmed.startsWith('#') && !trimmed.startsWith('<')) yield [at + 1, trimmed];
  }
}

// Stricter than a URL parser, which accepts commas and therefore CSV.
const HOST = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/;
const CONTROL_CHARACTER = /\p{Cc}/u;

function parseLine(line: string, addNote: AddNote): SnapshotEntry | null {
  const url = toSchemeless(line);
  const { host } = parseAuthority(url);
  // A URL parser ignores tabs and would join two columns.
  if (!CONTROL_CHARACTER.test(url) && HOST.test(normaliseHost(host) ?? '')) {
    return { date: '', covers: 'url', url, ip: '', family: '' };
  }
  addNote('row-dropped', host.includes('.') ? `not a host: ${toQuoted(line)}` : `no dot in the host: ${toQuoted(line)}`);
  return null;
}
