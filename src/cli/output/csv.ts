import { stringify } from 'csv-stringify/sync';
import type { LedgerRow } from '../../core/ledger/ledger.ts';
import type { RowPath } from '../../core/ledger/row-paths.ts';
import { toVisible } from '../../core/safe-text.ts';
import type { Column } from '../../documents/columns.ts';
import { toCells, toColumn } from '../../documents/columns.ts';
import type { RowFormat } from '../../documents/row-format.ts';

/** The columns of the csv format, in order. */
export const csvColumns: readonly Column[] = [
  toColumn('observable.type', 'type'),
  toColumn('observable.value', 'value'),
  toColumn('status'),
  toColumn('reason'),
  toColumn('source'),
  toColumn('answered_at'),
  toColumn('family'),
  toColumn('first_listed'),
  toColumn('error.code', 'error_code'),
  toColumn('error.message', 'error_message'),
  toColumn('matched.by', 'matched_by'),
  toColumn('matched.entry', 'matched_entry'),
  toColumn('matched.date', 'matched_date'),
  toColumn('related.by', 'related_by'),
  toColumn('related.entry', 'related_entry'),
  toColumn('related.newest', 'related_newest'),
  // Not empty, which would hide the entry.
  { heading: 'older_date', toText: ({ older }) => (older ? (older.date ?? 'unknown') : '') },
  toColumn('warnings'),
  { heading: 'seen_first', toText: ({ seen }) => (seen ? `${seen.first.file}:${seen.first.line}` : '') },
  toColumn('seen.count', 'seen_count'),
  toColumn('change'),
];

export interface CsvOptions {
  readonly isDefanged: boolean;
  /** The columns of `--fields`. */
  readonly fields?: readonly RowPath[] | undefined;
  /** Whether lines end with CR and LF instead of LF. Default false. */
  readonly hasCrlf?: boolean | undefined;
  /** Whether it begins with a byte order mark. Default false. */
  readonly hasBom?: boolean | undefined;
}

/** RFC 4180 with a header line. Formulas, also after spaces or a semicolon, get a leading `'` (OWASP); control characters become U+FFFD. */
export function createCsvFormat({ isDefanged, fields, hasCrlf = false, hasBom = false }: CsvOptions): RowFormat {
  const columns = fields?.map((path) => toColumn(path)) ?? csvColumns;
  const options = { escape_formulas: true, record_delimiter: hasCrlf ? '\r\n' : '\n' };
  const toLines = (records: string[][]) => stringify(records, options);
  const toRecord = (row: LedgerRow) => toCells(row, columns, isDefanged).map((cell) => toSafeCell(toVisible(cell)));
  let isFirst = true;
  const takeHeader = () => {
    const header = isFirst ? (hasBom ? '\uFEFF' : '') + toLines([columns.map(({ heading }) => heading)]) : '';
    isFirst = false;
    return header;
  };
  return {
    isStreaming: true,
    add: (rows) => takeHeader() + toLines(rows.map(toRecord)),
    end: () => [takeHeader()],
  };
}

// Spreadsheets run formulas after spaces and quotes, and with semicolons as separators after each semicolon. A cell that already has a quote
// gets another, so that removing one restores the value.
const HIDDEN_FORMULA = /(^["\s]+|;["\s]*)(?='*[=+\-@＝＋－＠])|^(?='+[=+\-@＝＋－＠])/g;

function toSafeCell(cell: string): string {
  return cell.replace(HIDDEN_FORMULA, "$1'");
}
