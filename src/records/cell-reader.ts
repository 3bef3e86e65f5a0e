import type { Reading } from './format.ts';
import { readEvent } from './json-events.ts';
import { createPlaces } from './json-fields.ts';
import { parseEvent } from './json-line.ts';
import { addLine } from './record-values.ts';

/** Reads a cell of an unknown column: a JSON event, such as Splunk's `_raw`, by its fields, anything else as text. */
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
