import { CctError } from '../core/errors.ts';
import { parseItem } from '../core/observables/item.ts';
import { isObject, parseJson } from '../core/json-text.ts';
import type { Observable } from '../core/observables/observable.ts';
import { isStateHeader } from '../core/ledger/state.ts';
import type { Head, LineFormat, LineReader, Reading } from './format.ts';
import { isRow } from './own.ts';
import { isTypedObservable } from './typed.ts';
import { CORRECT_LINE, LEAVE_OUT_FORMAT } from './way-out.ts';

/** Observables as `{type, value}`, one a line. Literal; the first bad line stops the reading. */
export const typedLines: LineFormat = {
  unit: 'observable',
  isPrivate: false,
  isTyped: true,
  recognise: (head) => (isTypedObservable(parseFirst(head)) ? 'typed observables' : undefined),
  open: (reading) => openLines(reading, (value) => value),
};

/** The rows that `cct --format ndjson` prints, or those of a `--state` file: the observable of each. The first bad line stops the reading. */
export const ownLines: LineFormat = {
  unit: 'row',
  isPrivate: false,
  isTyped: true,
  recognise(head) {
    const first = parseFirst(head);
    if (isStateHeader(first)) return "cct's state";
    return isRow(first) ? "cct's ndjson" : undefined;
  },
  open: (reading) => openLines(reading, toObservable),
};

/** Undefined for the first line of a state. */
function toObservable(value: unknown): unknown {
  if (isObject(value) && 'observable' in value) return value['observable'];
  return isStateHeader(value) ? undefined : value;
}

function parseFirst(head: Head): unknown {
  return parseJson(head.lines[0] ?? '');
}

function openLines(reading: Reading, toItem: (value: unknown) => unknown): LineReader {
  let isRead = false;
  const toRefusal = (thrown: unknown, line: string, at: number): unknown => {
    if (!(thrown instanceof CctError)) return thrown;
    // What is something else from the start was forced to be read so.
    const advice = isRead || isTypedObservable(parseJson(line)) ? CORRECT_LINE : LEAVE_OUT_FORMAT;
    return new CctError('input', `${reading.name}:${at}: ${thrown.message}. ${advice}`, { cause: thrown.cause });
  };
  return {
    read(lines, firstLine) {
      let count = 0;
      try {
        for (const [index, line] of lines.entries()) {
          if (line.trim() === '') continue;
          try {
            const observable = parseLine(line, toItem);
            isRead = true;
            if (!observable) continue;
            reading.add(observable);
            count += 1;
          } catch (thrown) {
            throw toRefusal(thrown, line, firstLine + index);
          }
        }
      } finally {
        reading.count(count);
      }
    },
  };
}

/** Undefined where the line has no item. */
function parseLine(line: string, toItem: (value: unknown) => unknown): Observable | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (thrown) {
    throw new CctError('input', 'invalid JSON', { cause: thrown });
  }
  const item = toItem(parsed);
  return item === undefined ? undefined : parseItem(item, 'observable');
}
