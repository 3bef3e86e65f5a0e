import type { LineFormat, LineReader, Reading } from './format.ts';
import { searchText } from './search.ts';

/** A list, a report or a log: what no other format recognises. */
export const text: LineFormat = {
  unit: 'line',
  isPrivate: false,
  recognise: () => 'text',
  open: openText,
};

// Copied from a PDF, a value breaks where it was defanged: `hxxp://panel[.]` and `example/a`.
const BROKEN_VALUE = /\S(?:\[\.\]|\(\.\)|\{\.\}|[[(]dot[\])]|:\/\/|\[:\]\/\/|\[:\/\/\])\s*$/i;
const MAX_HELD = 2000;

function openText(reading: Reading): LineReader {
  let held = '';
  let heldFrom = 0;
  const search = (line: string, number: number): void => {
    const whole = held === '' ? line : held + line.trimStart();
    const from = held === '' ? number : heldFrom;
    held = '';
    if (whole.length <= MAX_HELD && BROKEN_VALUE.test(whole)) {
      held = whole.trimEnd();
      heldFrom = from;
    } else {
      reading.at(from, undefined, number - from + 1);
      searchText(whole, reading, from);
    }
  };
  return {
    read(lines, firstLine) {
      for (const [index, line] of lines.entries()) search(line, firstLine + index);
      reading.count(lines.length);
    },
    end() {
      if (held === '') return;
      reading.at(heldFrom);
      searchText(held, reading, heldFrom);
    },
  };
}
