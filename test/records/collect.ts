import type { Finding } from '../../src/core/observables/observable.ts';
import type { Reading } from '../../src/records/format.ts';
import { createNoteOnce } from '../../src/records/note-once.ts';

export interface Collected extends Reading {
  readonly findings: Finding[];
  /** `reason: text`, with `line: ` before it where one was given. */
  readonly passedOver: string[];
  readonly notes: string[];
  records: number;
}

/** A reading of `in.json` that keeps what it is given. */
export function collect(): Collected {
  const toLine = (line: number | undefined): string => (line === undefined ? '' : `${line}: `);
  const note: Reading['note'] = (message, line) => void collected.notes.push(`${toLine(line)}${message}`);
  const collected: Collected = {
    name: 'in.json',
    findings: [],
    passedOver: [],
    notes: [],
    records: 0,
    at: () => undefined,
    add: (finding) => void collected.findings.push(finding),
    passOver: (reason, text, line) => void collected.passedOver.push(`${toLine(line)}${reason}: ${text}`),
    note,
    noteOnce: createNoteOnce(note),
    extractions: new Map(),
    count: (records) => void (collected.records += records),
  };
  return collected;
}

/** The findings as `type value`. */
export function named(findings: readonly Finding[]): string[] {
  return findings.map(({ type, value }) => `${type} ${value}`);
}
