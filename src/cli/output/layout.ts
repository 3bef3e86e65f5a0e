import type { Mode, Tally } from '../../core/ledger/ledger.ts';
import type { Session } from '../session.ts';
import { showsLinks } from './colour.ts';
import type { Destination } from './destinations.ts';
import type { FormatOptions } from './formats.ts';

export interface LayoutOptions {
  readonly mode: Mode;
  readonly destinations: readonly Destination[];
  /** Whether rows are compared with an earlier run. */
  readonly hasChanges: boolean;
  /** Complete at the end. */
  readonly tally: Tally;
  /** The date of the list, once one was opened. */
  readonly toListDate: () => string | undefined;
}

/** Collects the options of the formats of a run. */
export async function toLayout(session: Session, options: LayoutOptions): Promise<FormatOptions> {
  const { config, io, colour, version } = session;
  const { mode, destinations, hasChanges, tally, toListDate } = options;
  // Only a page shows it. Distinguishing files from values loads the list of top-level domains.
  const commandLine = destinations.some(({ format }) => format === 'html')
    ? await (await import('./command-line.ts')).toCommandLine(io.args, config.defang ?? true)
    : '';
  return {
    mode,
    hasChanges,
    isDefanged: config.defang,
    isColoured: colour.stdout && config.output === undefined,
    ...(config.output === undefined && toTerminal(io)),
    fields: config.shownFields,
    hasCrlf: config.crlf,
    hasBom: config.bom,
    bundleSize: config.bundleSize,
    now: io.now(),
    toFacts: () => {
      return { counts: tally, answeredBy: tally.answeredBy, listDate: toListDate(), commandLine, madeAt: io.now(), version };
    },
  };
}

const DEFAULT_LINE_CELLS = 80;

/** The options of a table on a terminal. */
function toTerminal({ stdout, env }: Session['io']): Pick<FormatOptions, 'hasLinks' | 'lineCells'> {
  if (stdout.isTTY !== true) return {};
  return { hasLinks: showsLinks(env), lineCells: stdout.columns || DEFAULT_LINE_CELLS };
}
