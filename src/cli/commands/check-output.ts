import { CctError } from '../../core/errors.ts';
import { TABULAR } from '../output/formats.ts';
import type { Session } from '../session.ts';

/** Throws `usage` where a flag is given for a format that this run does not write. Variables wait for a run with such a format. */
export function checkOutput({ config, givenBy }: Pick<Session, 'config' | 'givenBy'>): void {
  const { format, html } = config;
  for (const flag of [givenBy.crlf, givenBy.bom]) {
    if (isFlag(flag) && format !== 'csv') throw new CctError('usage', `${flag} is for --format csv, not ${format}`);
  }
  if (isFlag(givenBy.shownFields) && html === undefined && !TABULAR.includes(format)) {
    throw new CctError('usage', `--fields chooses columns of ${TABULAR.join(', ')}, not of ${format}`);
  }
}

function isFlag(givenBy: string | null): givenBy is string {
  return givenBy?.startsWith('--') === true;
}
