import type { CefEvent } from './cef-event.ts';
import { parseCef } from './cef-event.ts';
import type { Head, LineFormat, LineReader, Reading } from './format.ts';
import { addRecord } from './record-values.ts';
import { createTimeReader } from './record-time.ts';
import { searchText } from './search.ts';

/** CEF and LEEF, with or without a syslog header. */
export const cef: LineFormat = {
  unit: 'event',
  isPrivate: true,
  recognise: recogniseCef,
  open: openCef,
};

// Logs mix events with other lines.
const LOOKED_AT = 40;
const WANTED_SHARE = 1 / 4;

function recogniseCef({ lines }: Head): string | undefined {
  const filled = lines.filter((line) => line.trim() !== '').slice(0, LOOKED_AT);
  const kinds = filled.map((line) => parseCef(line)?.kind).filter((kind) => kind !== undefined);
  if (kinds.length === 0 || kinds.length < filled.length * WANTED_SHARE) return undefined;
  return new Set(kinds).size === 2 ? 'CEF and LEEF' : kinds[0];
}

function openCef(reading: Reading): LineReader {
  return {
    read(lines, firstLine) {
      for (const [at, text] of lines.entries()) {
        const line = firstLine + at;
        const event = parseCef(text);
        reading.at(line, () => event && readTimeOf(event.fields));
        if (event) {
          reading.count(1);
          addRecord(event.values, reading, line);
        } else if (text.trim() !== '') searchText(text, reading, line);
      }
    },
  };
}

function readTimeOf(fields: CefEvent['fields']): string | undefined {
  return createTimeReader(fields.map(([key]) => key))(fields.map(([, value]) => value));
}
