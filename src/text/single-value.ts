import { isIpv4, parseAuthority } from '../core/observables/host.ts';
import { toSchemeless } from '../core/observables/observable.ts';
import { detectType, toObservable, withoutDots } from './detect-type.ts';
import { endsLikeFile } from './file-endings.ts';
import { whyNoDomain } from './names.ts';
import { refang } from './refang.ts';

// `C://list.txt`
const DRIVE = /^[a-z]:\/\//i;

/**
 * A word that may also name a file, as a refanged observable. Undefined if the whole word is not one, and for a name with a file extension,
 * unless it is defanged or has a scheme, port or path.
 */
export function toSingleValue(word: string): ReturnType<typeof toObservable> {
  // The shell passes on a pattern that matches no file.
  if (word.trimStart().startsWith('*')) return undefined;
  const found = toObservable(word);
  if (!found || found.type === 'ip' || found.type === 'ipv6') return found;
  const bare = toSchemeless(found.value);
  if (bare !== found.value) return DRIVE.test(found.value) ? undefined : found;
  const host = parseAuthority(bare).host.replace(/\.$/, '');
  if (isIpv4(host) || host.startsWith('[')) return found;
  const written = word.trim();
  const live = refang(written);
  const isAddressed = found.type === 'url' || withoutDots(live) !== found.value;
  const isDefanged = live !== written;
  if (!isDefanged && !isAddressed && endsLikeFile(host)) return undefined;
  const reason = whyNoDomain(host, { isDefanged, isAddressed, isCalled: false, isLogged: false });
  // Command lines contain no code.
  return reason === undefined || reason === 'code' || reason === 'reverse name' ? found : undefined;
}

/** Whether a word that was rejected as a value could still be a domain, by its top-level domain. */
export function mayBeDomain(word: string): boolean {
  const isName = detectType(word) === 'domain';
  return (
    isName && whyNoDomain(word.trim(), { isDefanged: false, isAddressed: true, isCalled: false, isLogged: false }) === undefined
  );
}
