import type { JsonFormat, Head, LineFormat, LineReader, Reading } from './format.ts';
import type { Recognised } from './json-formats.ts';
import { FORCED_JSON_FORMATS, recogniseDocument } from './json-formats.ts';
import { parseEvent } from './json-line.ts';
import { mispJson } from './misp.ts';
import { typedJson } from './typed.ts';
import { atLine } from './wrap-reading.ts';
import { LimitedNotes } from './limited-notes.ts';

/** Lines of documents, and what they are. */
export interface DocumentLines {
  readonly title: string;
  readonly format: LineFormat;
}

/**
 * Bundles, events or objects of STIX, MISP and CTIM, and answers of cct, one a line; undefined for anything else. With `forced` each line
 * must be of that format.
 */
export function findDocumentLines({ lines: [first = ''] }: Head, forced?: 'stix' | 'misp'): DocumentLines | undefined {
  const parsed = parseEvent(first);
  if (parsed.kind !== 'event' || parsed.head !== '') return undefined;
  const recognised = forced === undefined ? recogniseDocument(parsed.value) : recogniseForced(parsed.value, forced);
  if (recognised === undefined || recognised.format.isPrivate) return undefined;
  const { title, format } = recognised;
  const toFormat = (document: unknown): JsonFormat | undefined => {
    if (forced !== undefined && format.recognise(document) !== undefined) return format;
    const { format: own } = recogniseDocument(document);
    // An attribute may lack all that tells it from another typed observable.
    if (own === typedJson && format === mispJson) return format;
    return forced === undefined ? own : undefined;
  };
  return {
    title,
    format: {
      unit: format.unit,
      isPrivate: false,
      isTyped: true,
      recognise: () => title,
      open: (reading) => openDocuments(reading, title, toFormat),
    },
  };
}

function recogniseForced(document: unknown, forced: 'stix' | 'misp'): Recognised | undefined {
  const format = FORCED_JSON_FORMATS[forced];
  const title = format.recognise(document);
  return title === undefined ? undefined : { format, title };
}

function openDocuments(reading: Reading, title: string, toFormat: (document: unknown) => JsonFormat | undefined): LineReader {
  const notes = new LimitedNotes(reading, 'line cannot be read', 'lines cannot be read');
  return {
    read(lines, firstLine) {
      for (const [index, text] of lines.entries()) {
        if (text.trim() === '') continue;
        const line = firstLine + index;
        const parsed = parseEvent(text);
        const format = parsed.kind === 'event' ? toFormat(parsed.value) : undefined;
        if (parsed.kind !== 'event') notes.add(`${parsed.reason}: the line is left out`, line);
        else if (format) format.read(parsed.value, atLine(reading, line));
        else notes.add(`expected ${title}: the line is left out`, line);
      }
    },
    end: () => notes.end(),
  };
}
