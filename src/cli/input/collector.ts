import type { Finding, Seen, SeenPlace } from '../../core/observables/observable.ts';
import type { Reading } from '../../records/format.ts';
import { createNoteOnce } from '../../records/note-once.ts';
import type { PassedOverReason } from '../../text/passed-over.ts';
import { RecordQueue } from './record-queue.ts';
import type { SeenCounter } from './seen-counter.ts';

/** Receives notes, details and skipped values. Texts are lines for people. */
export interface ReadingReport {
  note(text: string): void;
  detail(text: string): void;
  passOver(reason: PassedOverReason, detail: string): void;
}

/** Collects the findings of a format in one input. */
export interface Collector {
  readonly reading: Reading;
  /** The number of records. */
  count(): number;
  /** The findings since the last call. */
  takeFindings(): readonly Finding[];
  /** The queue of records; undefined without `keepsRecords`. */
  readonly records: RecordQueue | undefined;
}

export interface CollectorOptions {
  /** Default false. */
  readonly keepsRecords?: boolean | undefined;
  /** Counts the occurrences of each observable in all inputs of a run, so that it is reported once. Default: it is reported each time. */
  readonly counter?: SeenCounter | undefined;
}

/** Creates a collector for the input with this name. */
export function createCollector(name: string, report: ReadingReport, options: CollectorOptions): Collector {
  const { keepsRecords = false, counter } = options;
  let findings: Finding[] = [];
  let count = 0;
  // 0 outside of records.
  let line = 0;
  let timeOf: (() => string | undefined) | undefined;
  let place: SeenPlace | undefined;
  // Created once per record: many records name several observables.
  const placeNow = () => (place ??= toPlace(name, line, timeOf?.()));
  const records = keepsRecords ? new RecordQueue() : undefined;
  const nameLine = (at: number | undefined) => (at === undefined ? name : `${name}:${at}`);
  const note: Reading['note'] = (message, at) => report.note(`${nameLine(at)}: ${message}`);
  const reading: Reading = {
    name,
    at(first, readTime, lines = 1) {
      line = first;
      timeOf = readTime;
      place = undefined;
      records?.begin(first, lines);
    },
    add(finding) {
      if (line === 0) {
        findings.push(finding);
        return;
      }
      records?.add(finding);
      const seen = counter ? counter.see(finding, placeNow()) : { first: placeNow() };
      if (seen) findings.push(withSeen(finding, seen));
    },
    passOver: (reason, text, at) => report.passOver(reason, `${nameLine(at)}: passed over ${text} (${reason})`),
    note,
    noteOnce: createNoteOnce(note),
    extractions: new Map(),
    count(added) {
      count += added;
    },
  };
  return {
    reading,
    records,
    count: () => count,
    takeFindings() {
      const taken = findings;
      findings = [];
      return taken;
    },
  };
}

function withSeen({ type, value, derived }: Finding, seen: Seen): Finding {
  return derived === undefined ? { type, value, seen } : { type, value, derived, seen };
}

function toPlace(file: string, line: number, time: string | undefined): SeenPlace {
  return time === undefined ? { file, line } : { file, line, time };
}
