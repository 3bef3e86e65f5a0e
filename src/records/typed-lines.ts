import { CctError } from '../core/errors.ts';
import type { Observable } from '../core/observable.ts';
import { parseItem } from '../core/item.ts';
import type { Head, LineFormat, LineReader, Reading } from './format.ts';
import { isObject } from './json-values.ts';
import { isRow } from './own.ts';
import { isTypedObservable } from './typed.ts';

/** Observables as `{type, value}`, one a line. Literal; the first bad line stops the reading. */
export const typedLines: LineFormat = {
  unit: 'observable',
  isPrivate: false,
  isTyped: true,
  recognise: (head) => (isTypedObservable(parseFirst(head)) ? 'typed observables' : undefined),
  open: (reading) => openLines(reading, (value) => value),
};

/** The rows that `cct --format ndjson` prints: the observable of each. The first bad line stops the reading. */
export const ownLines: LineFormat = {
  unit: 'row',
  isPrivate: false,
  isTyped: true,
  recognise: (head) => (isRow(parseFirst(head)) ? "cct's ndjson" : undefined),
  open: (reading) => openLines(reading, (value) => (isObject(value) && 'observable' in value ? value['observable'] : value)),
};

function parseFirst(head: Head): unknown {
  try {
    return JSON.parse(head.lines[0] ?? '');
  } catch {
    return undefined;
  }
}

function openLines(reading: Reading, toItem: (value: unknown) => unknown): LineReader {
  return {
    read(lines, firstLine) {
      let count = 0;
      try {
        for (const [index, line] of lines.entries()) {
          if (line.trim() === '') continue;
          reading.add(parseLine(line, `${reading.name}:${firstLine + index}`, toItem));
          count += 1;
        }
      } finally {
        reading.count(count);
      }
    },
  };
}

function parseLine(line: string, place: string, toItem: (value: unknown) => unknown): Observable {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (thrown) {
    throw new CctError('input', `${place}: invalid JSON`, { cause: thrown });
  }
  return parseItem(toItem(parsed), `${place}: observable`);
}
