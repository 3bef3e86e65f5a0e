import type { Finding } from '../core/observables/observable.ts';
import type { Extraction } from '../text/extract.ts';
import type { PassedOverReason } from '../text/passed-over.ts';

/** Receives what a format finds in one input, in input order. `line` counts from 1. */
export interface Reading {
  /** For messages: the file's name, or `stdin`. */
  readonly name: string;
  /** Starts a record of `lines` lines, by default 1, at this line; later findings belong to it. `timeOf` reads its own time. */
  at(line: number, timeOf?: () => string | undefined, lines?: number): void;
  add(finding: Finding): void;
  passOver(reason: PassedOverReason, text: string, line?: number): void;
  /** Reports a part that cannot be read, or a choice that was made; neither changes the exit status. */
  note(message: string, line?: number): void;
  /** The same for what may hold in many places: equal messages are reported once an input. */
  noteOnce(message: string, line?: number): void;
  /** What was extracted from texts that may repeat. */
  readonly extractions: Map<string, Extraction>;
  /** Counts records: events, rows, objects. */
  count(records: number): void;
}

/** The beginning of an input: 64 KiB, or what had arrived when the first line was whole. */
export interface Head {
  /** For ties only: the file's name, or `stdin`. */
  readonly name: string;
  /** Decoded, without blank lines at the start. */
  readonly text: string;
  /** The whole lines of `text`; at least one. */
  readonly lines: readonly string[];
}

/** Flags that change how a format is read. */
export interface FormatOptions {
  /** Columns of csv, by name or number from 1. */
  readonly columns: readonly string[];
  /** Fields of JSON lines, as dotted paths. */
  readonly fields: readonly string[];
}

interface Format {
  /** One record, for people: `event`, `row`, `object`. */
  readonly unit: string;
  /** Whether values may be private, so that few leave without `--yes`. */
  readonly isPrivate: boolean;
}

/** A format that is read a line at a time. */
export interface LineFormat extends Format {
  /** Whether each line is an observable or a document, and no record of something that happened. */
  readonly isTyped?: boolean;
  /** Whether it picks the fields of `FormatOptions`. */
  readonly readsFields?: boolean;
  /** What the input is, for people (`Suricata EVE`), where it is of this format. */
  recognise(head: Head, options: FormatOptions): string | undefined;
  open(reading: Reading, options: FormatOptions): LineReader;
}

/** Reads one input. Both methods throw `input`, naming file and line, after adding what comes before. */
export interface LineReader {
  /**
   * `lines` come without line breaks, and include blank ones; `firstLine` is the number of the first, from 1. For each record, call
   * `reading.at(line)` before adding its findings, and `reading.count`.
   */
  read(lines: readonly string[], firstLine: number): void;
  /** Called after the last line. */
  end?(): void;
}

/** A format of JSON documents. */
export interface JsonFormat extends Format {
  /** As for lines, of a parsed document. */
  recognise(document: unknown): string | undefined;
  /** Throws `input`, naming file and place. */
  read(document: unknown, reading: Reading): void;
}
