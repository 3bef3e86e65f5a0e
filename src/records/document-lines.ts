import type { Head, LineFormat, LineReader, Reading } from './format.ts';
import { recogniseDocument } from './json-formats.ts';
import { parseEvent } from './json-line.ts';
import { atLine } from './wrap-reading.ts';
import { LimitedNotes } from './limited-notes.ts';

/** Bundles, events or objects of STIX, MISP and CTIM, and answers of cct, one a line. */
export const documentLines: LineFormat = {
  unit: 'document',
  isPrivate: false,
  isTyped: true,
  recognise: recogniseFirst,
  open: openDocuments,
};

function recogniseFirst({ lines: [first = ''] }: Head): string | undefined {
  const parsed = parseEvent(first);
  if (parsed.kind !== 'event' || parsed.head !== '') return undefined;
  const { title, format } = recogniseDocument(parsed.value);
  return format.isPrivate ? undefined : title;
}

function openDocuments(reading: Reading): LineReader {
  const notes = new LimitedNotes(reading, 'line cannot be read', 'lines cannot be read');
  return {
    read(lines, firstLine) {
      for (const [index, text] of lines.entries()) {
        if (text.trim() === '') continue;
        const line = firstLine + index;
        const parsed = parseEvent(text);
        if (parsed.kind === 'event') recogniseDocument(parsed.value).format.read(parsed.value, atLine(reading, line));
        else notes.add(`${parsed.reason}: the line is left out`, line);
      }
    },
    end: () => notes.end(),
  };
}
