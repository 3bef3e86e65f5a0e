import { CctError } from '../../core/errors.ts';
import { parseAuthority, normaliseHost } from '../../core/host.ts';
import { toSchemeless } from '../../core/observable.ts';
import type { AddNote, ListReading } from './list-reading.ts';
import { readRows, requireEntries } from './list-reading.ts';
import type { SnapshotEntry } from '../snapshot/snapshot-file.ts';
import { toQuoted } from '../snapshot/snapshot-file.ts';

// `all.php` has ended its lines in both ways over the years, and may in both at once.
const LINE_END = /(?:<br ?\/?>)?\r?\n|<br ?\/?>/i;

const BREAK_AT_END = /<br ?\/?>$/i;

/** Whether a text ends in the end of a line, blanks aside. Takes linear time, also where nearly all of it is blank. */
export function endsInLineEnd(text: string): boolean {
  const end = text.trimEnd();
  return text.includes('\n', end.length) || BREAK_AT_END.test(end.slice(-'<br />'.length));
}

/**
 * Reads the tracker's `all.php`: one `host[:port]/path` a line, newest first, without date, address and family; lines end in a line
 * break, in `<br />`, or in both. Blank lines and those that begin with `#` or `<` are no entries. A line that names no host with a dot
 * in it is dropped and noted. Rejects with `input` when these are more than half: then it is another text, a message for people say.
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
  for (const [at, line] of text.split(LINE_END).entries()) {
    const trimmed = line.trim();
    if (trimmed !== '' && !trimmed.startsWith('#') && !trimmed.startsWith('<')) yield [at + 1, trimmed];
  }
}

// Narrower than what a URL parser takes: a comma would pass there, and with it csv.
const HOST = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/;
const CONTROL_CHARACTER = /\p{Cc}/u;

/** A line as an entry. Nothing but the host can be judged. */
function parseLine(line: string, addNote: AddNote): SnapshotEntry | null {
  const url = toSchemeless(line);
  const { host } = parseAuthority(url);
  // A URL parser passes over a tab, and two columns would become one host.
  if (!CONTROL_CHARACTER.test(url) && HOST.test(normaliseHost(host) ?? '')) {
    return { date: '', covers: 'url', url, ip: '', family: '' };
  }
  addNote('row-dropped', host.includes('.') ? `not a host: ${toQuoted(line)}` : `no dot in the host: ${toQuoted(line)}`);
  return null;
}
