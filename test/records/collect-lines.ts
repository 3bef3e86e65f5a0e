import type { FormatOptions, Head, LineFormat, Reading } from '../../src/records/format.ts';
import { createNoteOnce } from '../../src/records/note-once.ts';

/** What a format reports of an input. */
export interface Collected {
  /** As `type value`. */
  readonly found: string[];
  /** As `reason text`. */
  readonly passedOver: string[];
  /** As `line: message`, or `message` of the whole input. */
  readonly notes: string[];
  count: number;
  /** What ended the reading; undefined for nothing. */
  error: unknown;
}

/** A reading of `a.log`, and all that it is told. */
export function createReading(name = 'a.log'): { readonly reading: Reading; readonly collected: Collected } {
  const collected: Collected = { found: [], passedOver: [], notes: [], count: 0, error: undefined };
  const note: Reading['note'] = (message, line) =>
    void collected.notes.push(line === undefined ? message : `${line}: ${message}`);
  const reading: Reading = {
    name,
    at: () => undefined,
    add: ({ type, value }) => void collected.found.push(`${type} ${value}`),
    passOver: (reason, text) => collected.passedOver.push(`${reason} ${text}`),
    note,
    noteOnce: createNoteOnce(note),
    extractions: new Map(),
    count: (records) => {
      collected.count += records;
    },
  };
  return { reading, collected };
}

const NONE: FormatOptions = { columns: [], fields: [] };

/** The lines of a text, as the program splits them. */
function toLines(text: string): string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

/** All that a format finds in a text, read so many lines at a time. */
export function collect(
  format: LineFormat,
  text: string,
  { size = 1000, name, ...options }: Partial<FormatOptions> & { readonly size?: number; readonly name?: string } = {},
): Collected {
  const { reading, collected } = createReading(name);
  const lines = toLines(text);
  try {
    const reader = format.open(reading, { ...NONE, ...options });
    for (let at = 0; at < lines.length; at += size) reader.read(lines.slice(at, at + size), at + 1);
    reader.end?.();
  } catch (thrown) {
    collected.error = thrown;
  }
  return collected;
}

/** What a format takes an input for. */
export function recognise(format: LineFormat, text: string, name = 'a.log', options: FormatOptions = NONE): string | undefined {
  const head: Head = { name, text, lines: toLines(text) };
  return format.recognise(head, options);
}
