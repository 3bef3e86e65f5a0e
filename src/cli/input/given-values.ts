import { stat } from 'node:fs/promises';
import { CctError, systemCodeOf } from '../../core/errors.ts';
import type { Observable } from '../../core/observables/observable.ts';
import { toObservable as toDetected } from '../../text/detect-type.ts';
import { endsLikeFile } from '../../text/file-endings.ts';
import { toFileReason } from '../../files/file-reasons.ts';
import { refang } from '../../text/refang.ts';
import type { GivenSource } from './read-inputs.ts';

/** A flag with a value, as given. */
export interface GivenFlag {
  readonly type: 'ip' | 'url' | 'domain';
  readonly value: string;
}

/** An operand or flag that names something to look up. */
export type Given = { readonly operand: string } | GivenFlag;

/**
 * Resolves operands and flags, in order. An operand is a file if one with that name exists, else an IP, URL or domain. `note` receives values
 * that are read as files. Rejects with `input` for an operand that is neither, and with `usage` for a flag's value of another type.
 */
export async function resolveGiven(given: readonly Given[], note: (text: string) => void): Promise<GivenSource[]> {
  const sources: GivenSource[] = [];
  for (const each of given) {
    if ('type' in each) sources.push({ values: parseGivenFlag(each) });
    else sources.push(await resolveOperand(each.operand, note));
  }
  return sources;
}

async function resolveOperand(operand: string, note: (text: string) => void): Promise<GivenSource> {
  if (operand === '-') return { path: operand };
  const missing = await findMissing(operand);
  if (missing === undefined) {
    const hidden = mayBeValue(operand) ? await toValue(operand) : undefined;
    if (hidden) note(`${operand}: read as the file of this name; for the value itself use ${toFlag(hidden)} ${operand}`);
    return { path: operand };
  }
  const value = await toValue(operand);
  if (value) return { values: [value] };
  const { mayBeDomain } = await import('../../text/single-value.ts');
  const advice = mayBeDomain(operand) ? `; for the domain use --domain ${operand}` : '';
  const name = operand.trim() === '' ? JSON.stringify(operand) : operand;
  throw new CctError('input', `cannot read ${name}: ${toReason(missing)}, and it is not an IP, URL or domain${advice}`, {
    cause: missing,
  });
}

// Reasons why a URL is not a path: too long, a file instead of a directory, a NUL, or a name that Windows does not accept.
const MISSING_CODES = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'EINVAL', 'ERR_INVALID_ARG_VALUE'];

function toReason(missing: Error): string {
  return systemCodeOf(missing) === 'ENOTDIR' ? toFileReason(missing) : 'no such file';
}

/** The error for a file that does not exist; undefined if it exists or may exist. */
async function findMissing(path: string): Promise<Error | undefined> {
  try {
    await stat(path);
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error && MISSING_CODES.includes(systemCodeOf(thrown) ?? '') ? thrown : undefined;
  }
}

/** A quick check that does not load public suffixes: most files have a typical file name. */
function mayBeValue(operand: string): boolean {
  return /[.:]/.test(operand) && !endsLikeFile(operand);
}

async function toValue(operand: string): Promise<Observable | undefined> {
  const { toSingleValue } = await import('../../text/single-value.ts');
  const found = toSingleValue(operand);
  return found && { type: found.type, value: found.value };
}

function toFlag({ type }: Observable): string {
  return type === 'url' || type === 'domain' ? `--${type}` : '--ip';
}

/** The observables of a flag, refanged. `ip` and `domain` accept several, separated by commas. */
function parseGivenFlag({ type, value }: GivenFlag): Observable[] {
  const values = type === 'url' ? [value.trim()] : value.split(',').map((each) => each.trim());
  // A list may end with a comma.
  const filled = values.filter((each) => each !== '');
  // Otherwise an unset variable in a script would look as if nothing were listed.
  if (filled.length === 0) throw new CctError('usage', `--${type}: expected ${EXPECTED[type]}, got ${JSON.stringify(value)}`);
  return filled.map((each) => toObservable(type, each));
}

const EXPECTED = { ip: 'an IPv4 address', url: 'a URL', domain: 'a domain' } as const;

function toObservable(type: GivenFlag['type'], given: string): Observable {
  if (type === 'url') return { type, value: refang(given) };
  const { type: detected, value } = toDetected(given) ?? { type: undefined, value: refang(given) };
  const isOther = detected !== undefined && detected !== type && !(type === 'ip' && detected === 'ipv6');
  if (!isOther) return { type, value };
  const flag = detected === 'ipv6' ? '' : `; use --${detected}`;
  throw new CctError('usage', `--${type}: expected ${EXPECTED[type]}, got ${JSON.stringify(given)}${flag}`);
}
