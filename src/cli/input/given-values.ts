import { CctError } from '../../core/errors.ts';
import type { Observable } from '../../core/observable.ts';
import { toObservable as toDetected } from '../../text/detect-type.ts';
import { refang } from '../../text/refang.ts';

/** A flag with a value, as given. */
export interface GivenFlag {
  readonly type: 'ip' | 'url' | 'domain';
  readonly value: string;
}

/** The observables of flags, refanged; `ip` and `domain` take several with commas. Throws `usage`, naming a value that cannot be of its type. */
export function parseGivenValues(flags: readonly GivenFlag[]): Observable[] {
  return flags.flatMap(({ type, value }) => {
    const values = type === 'url' ? [value.trim()] : value.split(',').map((each) => each.trim());
    // A list may end in a comma.
    const filled = values.filter((each) => each !== '');
    return (filled.length > 0 ? filled : ['']).map((each) => toObservable(type, each));
  });
}

const EXPECTED = { ip: 'an IPv4 address', domain: 'a domain' } as const;

function toObservable(type: GivenFlag['type'], given: string): Observable {
  if (type === 'url') return { type, value: refang(given) };
  const { type: detected, value } = toDetected(given) ?? { type: undefined, value: refang(given) };
  const isOther = detected !== undefined && detected !== type && !(type === 'ip' && detected === 'ipv6');
  if (!isOther) return { type, value };
  const flag = detected === 'ipv6' ? '' : `; use --${detected}`;
  throw new CctError('usage', `--${type}: expected ${EXPECTED[type]}, got ${JSON.stringify(given)}${flag}`);
}
