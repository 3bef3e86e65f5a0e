import { createEnvelopeBuilder, writeEnvelope } from '../../core/envelope.ts';
import type { Mode } from '../../core/ledger.ts';
import { toSafeJson } from '../../core/safe-text.ts';
import type { RowFormat } from '../../documents/row-format.ts';

export type FormatName = 'json' | 'ndjson' | 'table' | 'csv' | 'stix' | 'ctim-bundle' | 'misp' | 'ecs';

export interface FormatOptions {
  readonly mode: Mode;
  readonly isDefanged: boolean;
  /** Only for the table. */
  readonly isColoured: boolean;
  /** Only for the table: whether it has a column of changes. Default false. */
  readonly hasChanges?: boolean;
  /** Only for ctim-bundle. */
  readonly bundleSize: number;
  /** Only for misp: the time of the run. */
  readonly now: Date;
}

/** Opens a format by its name. Only its own code is loaded, but for JSON. */
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
    case 'stix':
      return (await import('../../documents/stix.ts')).createStixFormat();
    case 'ctim-bundle':
      return (await import('../../documents/ctim-bundle.ts')).createCtimBundleFormat(options);
    case 'misp':
      return (await import('../../documents/misp.ts')).createMispFormat(options);
    case 'ecs':
      return (await import('../../documents/ecs.ts')).createEcsFormat();
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
