import type { LedgerRow } from '../../core/ledger/ledger.ts';
import { toVisible } from '../../core/safe-text.ts';
import type { Column, ColumnOptions } from '../../documents/columns.ts';
import { isMarked, readableColumns, toCells, withoutEmptyWarnings } from '../../documents/columns.ts';
import type { RowFormat } from '../../documents/row-format.ts';
import type { Colours } from './colour.ts';
import { openColours } from './colour.ts';
import type { TableColumn } from './table-layout.ts';
import { toTable } from './table-layout.ts';

export interface TableOptions extends ColumnOptions {
  readonly isDefanged: boolean;
  readonly isColoured: boolean;
  /** Whether values link to their pages at the tracker. Default false. */
  readonly hasLinks?: boolean;
  /** The width of the terminal in cells. Default: a file or pipe, in which nothing is cut. */
  readonly lineCells?: number | undefined;
}

/** The part of a row that is kept. */
interface TableRow extends Pick<LedgerRow, 'status'> {
  readonly cells: readonly string[];
  readonly link: string | undefined;
}

/** A table as wide as its terminal, without borders, so that `grep` works on it. */
export async function openTableFormat({
  isDefanged,
  isColoured,
  hasLinks = false,
  lineCells,
  ...options
}: TableOptions): Promise<RowFormat> {
  const colours = await openColours(isColoured);
  const all = readableColumns(options);
  const rows: TableRow[] = [];
  let hasWarnings = false;
  return {
    isStreaming: false,
    add(more) {
      for (const row of more) {
        const cells = toCells(row, all, isDefanged).map(toVisible);
        rows.push({ cells, status: row.status, link: hasLinks ? row.judgement?.source_uri : undefined });
      }
      hasWarnings ||= more.some(isMarked);
      return '';
    },
    end() {
      if (rows.length === 0) return [];
      const columns = withoutEmptyWarnings(all, hasWarnings);
      const places = columns.map((column) => all.indexOf(column));
      return toTable({
        columns: columns.map((column) => toTableColumn(column, options.fields !== undefined)),
        rows,
        toCells: ({ cells }) => places.map((place) => cells[place] ?? ''),
        paint: (text, row, at) => toPainted(text, row, columns[at]?.kind, colours),
        paintHeading: (text) => colours.bold(text),
        lineCells,
      });
    },
  };
}

function toTableColumn({ heading, kind }: Column, isChosen: boolean): TableColumn {
  if (isChosen) return { heading, ...(kind === 'status' || !kind ? {} : { kind }) };
  const shown = heading.toUpperCase();
  if (shown === 'SOURCE') return { heading: shown, kind: 'source' };
  return { heading: shown, ...(kind === 'status' || !kind ? {} : { kind }) };
}

function toPainted(text: string, { status, link }: TableRow, kind: Column['kind'], colours: Colours): string {
  if (kind === 'status') return toColoured(status, colours);
  return kind === 'value' && link !== undefined ? toLink(text, link) : text;
}

function toColoured(status: LedgerRow['status'], colours: Colours): string {
  if (status === 'listed') return colours.red(status);
  if (status === 'failed') return colours.yellow(status);
  return status === 'skipped' ? colours.dim(status) : status;
}

/** Formats an OSC 8 link. */
function toLink(text: string, url: string): string {
  return `\u001B]8;;${url}\u001B\\${text}\u001B]8;;\u001B\\`;
}
