import type { PassedOverReason } from '../text/passed-over.ts';
import type { Reading } from './format.ts';

/** `inner` with some of its methods replaced. */
export function wrapReading(inner: Reading, replaced: Partial<Reading>): Reading {
  return {
    name: inner.name,
    at: (line, timeOf, lines) => inner.at(line, timeOf, lines),
    add: (finding) => inner.add(finding),
    passOver: (reason, text, line) => inner.passOver(reason, text, line),
    note: (message, line) => inner.note(message, line),
    noteOnce: (message, line) => inner.noteOnce(message, line),
    extractions: inner.extractions,
    count: (records) => inner.count(records),
    ...replaced,
  };
}

/** A reading of one line: what is passed over or noted carries its number. */
export function atLine(reading: Reading, line: number): Reading {
  return wrapReading(reading, {
    passOver: (reason, text) => reading.passOver(reason, text, line),
    note: (message) => reading.note(message, line),
    noteOnce: (message) => reading.noteOnce(message, line),
  });
}

/** A reading that passes over all that is found, for this reason. */
export function passingOver(reading: Reading, reason: PassedOverReason, line?: number): Reading {
  return wrapReading(reading, {
    add({ value }) {
      reading.passOver(reason, value, line);
    },
    passOver: (_reason, text) => reading.passOver(reason, text, line),
  });
}
