import { createEnvelopeBuilder, writeEnvelope } from '../../core/envelope.ts';
import type { Mode } from '../../core/ledger.ts';
import type { Format } from './format.ts';
import { createNdjsonFormat } from './ndjson.ts';

export type FormatName = 'json' | 'ndjson' | 'table' | 'csv';

export interface FormatOptions {
  readonly mode: Mode;
  readonly isDefanged: boolean;
  /** Whether the table's words get colour. */
  readonly isColoured: boolean;
}

/** The format of this name. Code that only csv or the table needs is loaded only for them. */
export async function openFormat(name: FormatName, options: FormatOptions): Promise<Format> {
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

function createJsonFormat(mode: Mode): Format {
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
