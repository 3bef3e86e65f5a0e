import type { Reading } from './format.ts';
import { readEvent } from './json-events.ts';
import { createPlaces } from './json-fields.ts';
import { parseEvent } from './json-line.ts';
import { addLine } from './record-values.ts';

/** Adds what a cell holds that no column name tells of: an event in JSON, as Splunk's `_raw`, by its fields; any other as text. */
export type ReadCell = (cell: string, line: number) => void;

/** For the cells of one input. */
export function createCellReader(reading: Reading): ReadCell {
  const places = createPlaces();
  return (cell, line) => {
    const parsed = cell.startsWith('{') ? parseEvent(cell) : undefined;
    if (parsed?.kind === 'event') readEvent(parsed.value, reading, line, { picker: undefined, places });
    else addLine(cell, reading, line);
  };
}
