import type { Config } from '../../config.ts';
import { createEnvelopeBuilder, writeEnvelope } from '../../core/ctim/envelope.ts';
import type { LedgerRow, Mode } from '../../core/ledger/ledger.ts';
import { escapeJson } from '../../core/safe-text.ts';
import type { HtmlOptions } from '../../documents/html.ts';
import type { RowFormat } from '../../documents/row-format.ts';
import type { CsvOptions } from './csv.ts';

export type FormatName = Config['format'];

/** The options of all formats. Each uses some of them. */
export interface FormatOptions extends Omit<HtmlOptions & CsvOptions, 'isDefanged' | 'sha256'> {
  readonly mode: Mode;
  /** Default: depends on the format. */
  readonly isDefanged?: boolean | undefined;
  /** Only for the table. */
  readonly isColoured: boolean;
  readonly hasLinks?: boolean;
  readonly lineCells?: number | undefined;
  /** Only for ctim-bundle. */
  readonly bundleSize: number;
  /** Only for misp: the time of the run. */
  readonly now: Date;
}

/** Formats with columns that `--fields` can choose. */
export const TABULAR: readonly FormatName[] = ['table', 'csv', 'markdown', 'html'];

/** Opens a format by its name, loading only its own code and JSON's. By default, only Markdown and HTML are defanged. */
export async function openFormat(name: FormatName, options: FormatOptions): Promise<RowFormat> {
  const isDefanged = options.isDefanged ?? (name === 'markdown' || name === 'html');
  switch (name) {
    case 'json':
      return createJsonFormat(options.mode);
    case 'ndjson':
      return createNdjsonFormat();
    case 'csv':
      return (await import('./csv.ts')).createCsvFormat({ ...options, isDefanged });
    case 'table':
      return (await import('./table.ts')).openTableFormat({ ...options, isDefanged });
    case 'markdown':
      return (await import('../../documents/markdown.ts')).createMarkdownFormat({ ...options, isDefanged });
    case 'html':
      return (await import('../../documents/html.ts')).createHtmlFormat({ ...options, isDefanged, sha256: await openSha256() });
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

async function openSha256(): Promise<(text: string) => string> {
  const { createHash } = await import('node:crypto');
  return (text) => createHash('sha256').update(text).digest('base64');
}

function createJsonFormat(mode: Mode): RowFormat {
  const builder = createEnvelopeBuilder(mode);
  return {
    isStreaming: false,
    add(rows) {
      for (const row of rows) builder.add(row);
      return '';
    },
    end: () => writeEnvelope(builder.toEnvelope()),
  };
}

/** One ledger row per line, as soon as it is known. */
export function createNdjsonFormat(): RowFormat {
  const toLine = (row: LedgerRow): string => `${JSON.stringify(row)}\n`;
  return { isStreaming: true, add: (rows) => escapeJson(rows.map(toLine).join('')), end: () => [] };
}
