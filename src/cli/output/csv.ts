import { stringify } from 'csv-stringify/sync';
import type { LedgerRow } from '../../core/ledger.ts';
import { toVisible } from '../../core/safe-text.ts';
import { defang } from '../../text/defanged.ts';
import type { RowFormat } from '../../documents/row-format.ts';

/** The columns of the csv format, in order. */
export const csvColumns = [
  'type',
  'value',
  'status',
  'reason',
  'source',
  'answered_at',
  'family',
  'first_listed',
  'error_code',
  'error_message',
  'matched_by',
  'matched_entry',
  'matched_date',
  'related_by',
  'related_entry',
  'related_newest',
  'older_date',
  'warnings',
  'seen_first',
  'seen_count',
  'change',
] as const;

/** RFC 4180 with a header line. Formulas, also behind blanks or a semicolon, get a leading `'` (OWASP); control characters become U+FFFD. */
export function createCsvFormat({ isDefanged }: { isDefanged: boolean }): RowFormat {
  let isFirst = true;
  const toLine = (cells: readonly string[]) => stringify([cells], { escape_formulas: true, record_delimiter: '\r\n' });
  const takeHeader = () => {
    const header = isFirst ? toLine(csvColumns) : '';
    isFirst = false;
    return header;
  };
  return {
    isStreaming: true,
    add: (row) => takeHeader() + toLine(toCells(row, isDefanged).map((cell) => toSafeCell(toVisible(cell)))),
    end: () => [takeHeader()],
  };
}

// Blanks and quotes do not stop a spreadsheet, and one that expects semicolons begins a cell behind each. What has a quote gets another, so
// that reading takes off the right one.
const HIDDEN_FORMULA = /(^["\s]+|;["\s]*)(?='*[=+\-@＝＋－＠])|^(?='+[=+\-@＝＋－＠])/g;

function toSafeCell(cell: string): string {
  return cell.replace(HIDDEN_FORMULA, "$1'");
}

function toCells(row: LedgerRow, isDefanged: boolean): string[] {
  const { type, value } = row.observable;
  const toCell = (text = '') => (isDefanged ? defang(text) : text);
  return [
    type,
    toCell(value),
    row.status,
    row.reason ?? '',
    row.source ?? '',
    row.answered_at ?? '',
    row.family ?? '',
    row.first_listed ?? '',
    row.error?.code ?? '',
    row.error?.message ?? '',
    row.matched?.by ?? '',
    toCell(row.matched?.entry),
    row.matched?.date ?? '',
    row.related?.by ?? '',
    toCell(row.related?.entry),
    row.related?.newest ?? '',
    // Not an empty cell: that would hide the entry.
    row.older ? (row.older.date ?? 'unknown') : '',
    (row.warnings ?? []).join('; '),
    row.seen ? `${row.seen.first.file}:${row.seen.first.line}` : '',
    String(row.seen?.count ?? ''),
    row.change ?? '',
  ];
}
