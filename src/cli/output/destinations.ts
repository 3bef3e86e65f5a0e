import { CctError } from '../../core/errors.ts';
import type { LedgerRow } from '../../core/ledger/ledger.ts';
import type { RowFormat } from '../../documents/row-format.ts';
import type { Session } from '../session.ts';
import type { FormatName, FormatOptions } from './formats.ts';
import { openFormat } from './formats.ts';
import type { Output } from './output.ts';
import { isStdout, openFile, openOutput } from './output.ts';

/** An output of a run: a format, and where its text goes. */
export interface Destination {
  readonly format: FormatName;
  readonly output: Output;
}

/** Opens the outputs of a run: that of `--format`, then the page of `--html`. Rejects with `usage`, and with `output` if a file cannot be written. */
export async function openDestinations(session: Session): Promise<[Destination, ...Destination[]]> {
  const { html } = session.config;
  if (html !== undefined && isStdout({ output: html })) {
    throw new CctError('usage', `${session.givenBy.html ?? ''}: expected a file, not stdout; --format html prints the page`);
  }
  const first: Destination = { format: session.config.format, output: await openOutput(session) };
  if (html === undefined) return [first];
  try {
    return [first, { format: 'html', output: await openFile(session, html) }];
  } catch (thrown) {
    await first.output.discard();
    throw thrown;
  }
}

/** Writes rows to all outputs of a run. */
export interface RowWriter {
  /** Whether rows of any output are visible immediately. */
  readonly isStreaming: boolean;
  /** Adds a row to all outputs that contain its status. */
  add(row: LedgerRow): void;
  /** Writes what is ready. Resolves to false if the output pipe is closed. */
  write(): Promise<boolean>;
  /** Writes the rest. Resolves as `write` does. */
  end(): Promise<boolean>;
  /** Replaces the target files. Rejects with `output`. */
  commit(): Promise<void>;
  /** Resolves when all text has left the process; to false if the output pipe is closed. */
  flush(): Promise<boolean>;
}

/** Opens the formats of the outputs. `only` replaces the statuses that they contain by default. */
export async function openRowWriter(
  destinations: readonly Destination[],
  { only, ...options }: FormatOptions & { readonly only?: readonly LedgerRow['status'][] | undefined },
): Promise<RowWriter> {
  const sinks = await Promise.all(
    destinations.map(async ({ format: name, output }) => new Sink(await openFormat(name, options), output, only)),
  );
  const each = async (action: (sink: Sink) => Promise<boolean>) => {
    for (const sink of sinks) if (!(await action(sink))) return false;
    return true;
  };
  return {
    isStreaming: sinks.some((sink) => sink.isStreaming),
    add: (row) => sinks.forEach((sink) => sink.add(row)),
    write: () => each((sink) => sink.write()),
    end: () => each((sink) => sink.end()),
    async commit() {
      for (const { output } of destinations) await output.commit();
    },
    flush: () => each((sink) => sink.output.flush()),
  };
}

class Sink {
  readonly isStreaming: boolean;
  readonly output: Output;
  readonly #format: RowFormat;
  readonly #statuses: readonly LedgerRow['status'][] | undefined;
  #rows: LedgerRow[] = [];

  constructor(format: RowFormat, output: Output, only: readonly LedgerRow['status'][] | undefined) {
    this.isStreaming = format.isStreaming && output.isStreaming;
    this.#format = format;
    this.output = output;
    this.#statuses = only ?? format.statuses;
  }

  add(row: LedgerRow): void {
    if (this.#statuses?.includes(row.status) ?? true) this.#rows.push(row);
  }

  write(): Promise<boolean> {
    const rows = this.#rows;
    this.#rows = [];
    return this.output.write(rows.length === 0 ? '' : this.#format.add(rows));
  }

  async end(): Promise<boolean> {
    for (const text of this.#format.end()) if (!(await this.output.write(text))) return false;
    return true;
  }
}
