import type { LineFormat } from './format.ts';
import { searchText } from './search.ts';

/** A list, a report or a log: what no other format recognises. */
export const text: LineFormat = {
  unit: 'line',
  isPrivate: false,
  recognise: () => 'text',
  open: (reading) => ({
    read(lines, firstLine) {
      for (const [index, line] of lines.entries()) searchText(line, reading, firstLine + index);
      reading.count(lines.length);
    },
  }),
};
