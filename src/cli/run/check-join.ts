import { CctError } from '../../core/errors.ts';
import type { Session } from '../session.ts';

/** Throws `usage` if `--join` or a flag that needs it contradicts other flags. `hasGiven`: values were given as arguments or flags. */
export function checkJoin(
  { config, givenBy }: Pick<Session, 'config' | 'givenBy'>,
  { hasGiven }: { readonly hasGiven: boolean },
): void {
  const { join, keepAll, only, defang, seen, newSince, state, html } = config;
  if (!join) {
    const flag = keepAll ? '--keep-all' : givenBy.joinAs === '--join-as' ? '--join-as' : undefined;
    if (flag !== undefined) throw new CctError('usage', `${flag} is for --join, which prints the records themselves`);
    return;
  }
  if (hasGiven) throw new CctError('usage', '--join prints the records of a log: name a file instead of values');
  const others = {
    '--format': givenBy.format === '--format',
    '--only': only,
    '--sort': givenBy.sort === '--sort' ? true : undefined,
    '--html': html,
    '--fields': givenBy.shownFields === '--fields',
    '--defang': defang,
    '--crlf': givenBy.crlf === '--crlf',
    '--bom': givenBy.bom === '--bom',
    '--seen': seen,
    '--new-since': newSince,
    '--state': state,
  };
  const [flag] = Object.entries(others).find(([, isGiven]) => isGiven !== undefined && isGiven !== false) ?? [];
  if (flag !== undefined) throw new CctError('usage', `--join prints the records themselves: leave ${flag} out`);
}
