import type { LedgerRow } from '../core/ledger/ledger.ts';
import type { Column, ColumnOptions } from './columns.ts';
import { isMarked, readableColumns, withoutEmptyWarnings } from './columns.ts';
import type { RowFormat } from './row-format.ts';
import type { RunFacts } from './run-facts.ts';
import { NOTEWORTHY } from './run-facts.ts';

export interface ReadableOptions extends ColumnOptions {
  readonly isDefanged: boolean;
  /** Called at the end. */
  readonly toFacts: () => RunFacts;
}

/** The content of a document for people. */
export interface Readable {
  readonly facts: RunFacts;
  readonly columns: readonly Column[];
  readonly rows: readonly LedgerRow[];
}

/** Creates a format for people, which collects rows and writes the document at the end. */
export function createReadableFormat(options: ReadableOptions, write: (document: Readable) => Iterable<string>): RowFormat {
  const rows: LedgerRow[] = [];
  return {
    isStreaming: false,
    statuses: NOTEWORTHY,
    add(more) {
      rows.push(...more);
      return '';
    },
    end() {
      const columns = withoutEmptyWarnings(readableColumns(options), rows.some(isMarked));
      return write({ facts: options.toFacts(), columns, rows });
    },
  };
}
