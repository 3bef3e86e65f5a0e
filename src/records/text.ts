import type { LineFormat, LineReader, Reading } from './format.ts';
import { searchText } from './search.ts';
import { detectType } from '../text/detect-type.ts';

/** A list, a report or a log: what no other format recognises. */
export const text: LineFormat = {
  unit: 'line',
  isPrivate: false,
  recognise: () => 'text',
  open: openText,
};

// Copied from a PDF, a value breaks where it was defanged: `hxxp://panel[.]` and `example/a`.
const BROKEN_VALUE = /\S(?:\[\.\]|\(\.\)|\{\.\}|[[(]dot[\])]|:\/\/|\[:\]\/\/|\[:\/\/\])$/i;
const MAX_HELD = 2000;
// Longer than any of these marks with the character before it.
const END_LENGTH = 8;

// What cct heads an exported list of URLs with.
const OWN_URLS = '# CyberCrime Tracker: URLs of malware command-and-control panels';

/** In a list of URLs that cct exported, a line is a value as it is: in a text, its last characters might belong to a sentence. */
function addOwn(line: string, number: number, reading: Reading): void {
  const value = line.trim();
  if (value === '' || value.startsWith('#')) return;
  reading.at(number);
  reading.add({ type: detectType(value) ?? 'url', value });
}

function openText(reading: Reading): LineReader {
  let isOwn = false;
  let held = '';
  let heldFrom = 0;
  const search = (line: string, number: number): void => {
    const whole = held === '' ? line : held + line.trimStart();
    const from = held === '' ? number : heldFrom;
    held = '';
    if (whole.length <= MAX_HELD && BROKEN_VALUE.test(whole.trimEnd().slice(-END_LENGTH))) {
      held = whole.trimEnd();
      heldFrom = from;
    } else {
      reading.at(from, undefined, number - from + 1);
      searchText(whole, reading, from);
    }
  };
  return {
    read(lines, firstLine) {
      if (firstLine === 1) isOwn = lines[0] === OWN_URLS;
      for (const [index, line] of lines.entries()) {
        if (isOwn) addOwn(line, firstLine + index, reading);
        else search(line, firstLine + index);
      }
      reading.count(lines.length);
    },
    end() {
      if (held === '') return;
      reading.at(heldFrom);
      searchText(held, reading, heldFrom);
    },
  };
}
