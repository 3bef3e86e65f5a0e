import type { Finding, SeenPlace } from '../../core/observable.ts';
import type { Reading } from '../../records/format.ts';
import type { PassedOverReason } from '../../text/passed-over.ts';
import { RecordQueue } from './record-queue.ts';
import type { SeenCounter } from './seen-counter.ts';

/** Hears of what is not an observable. Texts are lines for people. */
export interface ReadingReport {
  note(text: string): void;
  detail(text: string): void;
  passOver(reason: PassedOverReason, detail: string): void;
}

/** Collects what a format finds in one input. */
export interface Collector {
  readonly reading: Reading;
  /** The records that were counted. */
  count(): number;
  /** What was found since the last time. */
  takeFindings(): readonly Finding[];
  /** The records that are over; none without `keepsRecords`. */
  readonly records: RecordQueue | undefined;
}

export interface CollectorOptions {
  /** Default false. */
  readonly keepsRecords?: boolean | undefined;
  /** Counts what has a place, so that it is found once; of all inputs of a run. Default: what is found again is found again. */
  readonly counter?: SeenCounter | undefined;
}

/** A collector for the input of this name. */
export function createCollector(name: string, report: ReadingReport, options: CollectorOptions): Collector {
  const { keepsRecords = false, counter } = options;
  let findings: Finding[] = [];
  let count = 0;
  // 0 outside records.
  let line = 0;
  let timeOf: (() => string | undefined) | undefined;
  // Made once a record: many name several observables.
  let place: SeenPlace | undefined;
  const records = keepsRecords ? new RecordQueue() : undefined;
  const nameLine = (at: number | undefined) => (at === undefined ? name : `${name}:${at}`);
  const placeNow = () => (place ??= toPlace(name, line, timeOf?.()));
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
        return undefined;
      }
      records?.add(finding);
      const first = placeNow();
      if (!counter) {
        findings.push({ ...finding, seen: { first } });
        return records && (() => records.add(finding));
      }
      const { seen, isNew } = counter.count(finding, first);
      if (isNew) findings.push({ ...finding, seen });
      return () => {
        records?.add(finding);
        seen.count += 1;
        seen.last = placeNow();
      };
    },
    passOver: (reason, text, at) => report.passOver(reason, `${nameLine(at)}: passed over ${text} (${reason})`),
    note: (message, at) => report.note(`${nameLine(at)}: ${message}`),
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

function toPlace(file: string, line: number, time: string | undefined): SeenPlace {
  return time === undefined ? { file, line } : { file, line, time };
}
