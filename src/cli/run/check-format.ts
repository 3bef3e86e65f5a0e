import { CctError } from '../../core/errors.ts';
import type { Mode } from '../../core/ledger/ledger.ts';
import { TABULAR } from '../output/formats.ts';
import type { Session } from '../session.ts';

/** Throws `usage` if flags or the command contradict the format. Ignores variables that do. */
export function checkFormat({ config, givenBy }: Pick<Session, 'config' | 'givenBy'>, mode: Mode): void {
  const { format, html, join, defang } = config;
  if (join) return;
  for (const [flag, only] of [
    [givenBy.crlf, 'csv'],
    [givenBy.bom, 'csv'],
    [givenBy.bundleSize, 'ctim-bundle'],
  ] as const) {
    if (isFlag(flag) && format !== only) throw new CctError('usage', `${flag} is for --format ${only}, not ${format}`);
  }
  if (isFlag(givenBy.shownFields) && html === undefined && !TABULAR.includes(format)) {
    throw new CctError('usage', `--fields chooses columns of ${TABULAR.join(', ')}, not of ${format}`);
  }
  // Other formats are for programs, in which a defanged value would match nothing.
  if (isFlag(givenBy.defang) && defang === true && !TABULAR.includes(format)) {
    throw new CctError(
      'usage',
      `--defang is for ${TABULAR.join(', ')}, not ${format}: choose one with --format, or leave --defang out`,
    );
  }
  if (format === 'ctim-bundle' && mode === 'deliberate') {
    throw new CctError('usage', 'ctim-bundle needs Judgements, which deliberate does not create: use cct observe');
  }
}

function isFlag(givenBy: string | null): givenBy is string {
  return givenBy?.startsWith('--') === true;
}
