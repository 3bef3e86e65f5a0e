import { createEnvelopeBuilder, writeEnvelope } from '../../core/envelope.ts';
import type { Mode } from '../../core/ledger.ts';
import { toSafeJson } from '../../core/safe-text.ts';
import type { RowFormat } from '../../documents/row-format.ts';

export type FormatName = 'json' | 'ndjson' | 'table' | 'csv';

export interface FormatOptions {
  readonly mode: Mode;
  readonly isDefanged: boolean;
  /** Only for the table. */
  readonly isColoured: boolean;
  /** Only for the table: whether it has a column of changes. Default false. */
  readonly hasChanges?: boolean;
}

/** Opens a format by its name. Code for csv and tables is loaded only for them. */
export async function openFormat(name: FormatName, options: FormatOptions): Promise<RowFormat> {
  switch (name) {
    case 'json':
      return createJsonFormat(options.mode);
    case 'ndjson':
      return createNdjsonFormat();
    case 'csv':
      return (await import('./csv.ts')).createCsvFormat(options);
    case 'table':
      return (await import('./table.ts')).openTableFormat(options);
  }
}

function createJsonFormat(mode: Mode): RowFormat {
  const builder = createEnvelopeBuilder(mode);
  return {
    isStreaming: false,
    add(row) {
      builder.add(row);
      return '';
    },
    end: () => writeEnvelope(builder.toEnvelope()),
  };
}

/** A ledger row a line, as soon as it is known. */
export function createNdjsonFormat(): RowFormat {
  return { isStreaming: true, add: (row) => `${toSafeJson(row)}\n`, end: () => [] };
}
