import type { LineFormat, LineReader, Reading } from './format.ts';
import { addLine } from './record-values.ts';
import { createRequestJoiner } from './request-lines.ts';
import { detectType } from '../text/detect-type.ts';
import { extractObservables } from '../text/extract.ts';

/** A list, a report or a log: what no other format recognises. */
export const text: LineFormat = {
  unit: 'line',
  isPrivate: false,
  recognise: () => 'text',
  open: openText,
};

// Copied from a PDF, a value breaks where it was defanged: `hxxp://panel[.]` and `example/a`.
const BROKEN_VALUE = /\S(?:\[\.\]|\(\.\)|\{\.\}|[[(]dot[\])]|:\/\/|\[:\]\/\/|\[:\/\/\])$/i;
const SCHEME_END = /(?:\/\/|\/\/\])$/;
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

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}(?![.\w/])|(?:[0-9a-f]{0,4}:){2})/i;
const URL_START = /^[^\s/.]{2,20}(?:\/\/|\\\\)/;
const MAX_PIECE_LENGTH = 512;

/** Whether a line that breaks within a value continues in the next, which does not begin with a value of its own. */
function continuesValue(held: string, next: string): boolean {
  const [piece = ''] = next.slice(0, MAX_PIECE_LENGTH).split(/\s/, 1);
  // `see panel[.]` and `192.0.2.1 …`: the next line begins with a value.
  if (piece === '' || ADDRESS.test(piece) || URL_START.test(piece)) return false;
  // `hxxp://panel[.]`, `evil[.]` and `example/a`: the middle of three lines breaks too.
  if (BROKEN_VALUE.test(piece)) return true;
  // `hxxp://` and `panel.example/a`: a host alone on its line, or a defanged one, not the start of a sentence.
  if (SCHEME_END.test(held)) {
    const isAlone = piece.length === next.trimEnd().length;
    return (isAlone || /[[({/]/.test(piece)) && holdsValue(piece);
  }
  const start = held.slice(-MAX_PIECE_LENGTH).split(/\s/).at(-1) ?? '';
  const host = start.replace(/^.*\/\/\]?/, '');
  // `hxxp://panel.example/a[.]` and `php`, or `hxxp://panel[.]` and `example/a`: both together make a value.
  return host.includes('/') || holdsValue(host.replace(LAST_MARK, '.') + piece);
}

const LAST_MARK = /[[({](?:\.|dot)[\])}]$/i;
const holdsValue = (piece: string) => extractObservables(piece).found.length > 0;

function openText(reading: Reading): LineReader {
  let isOwn = false;
  let held = '';
  let heldFrom = 0;
  const joinRequest = createRequestJoiner();
  const release = (): void => {
    if (held === '') return;
    reading.at(heldFrom);
    addLine(held, reading, heldFrom);
    held = '';
  };
  const search = (line: string, number: number): void => {
    const next = line.trimStart();
    if (held !== '' && !continuesValue(held, next)) release();
    const whole = held === '' ? line : held + next;
    const from = held === '' ? number : heldFrom;
    held = '';
    if (whole.length <= MAX_HELD && BROKEN_VALUE.test(whole.trimEnd().slice(-END_LENGTH))) {
      held = whole.trimEnd();
      heldFrom = from;
    } else {
      reading.at(from, undefined, number - from + 1);
      addLine(joinRequest(whole), reading, from);
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
    end: release,
  };
}
