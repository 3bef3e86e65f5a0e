import type { CryptoKey, JWK } from 'jose';
import { createLocalJWKSet, errors } from 'jose';
import * as z from 'zod/mini';
import { toAmount } from '../../core/amount.ts';
import { CctError } from '../../core/errors.ts';

/** The shortest RSA key that RS256 allows (RFC 7518, section 3.3). */
const LEAST_RSA_BITS = 2048;

const keySetSchema = z.object({ keys: z.array(z.unknown()) });
const anything = z.optional(z.unknown());
// Only the public parts, so that a key can verify but never sign. jose checks the rest.
const keySchema = z.object({
  ...{ kty: z.literal('RSA'), kid: z.string() },
  ...{ n: anything, e: anything, use: anything, alg: anything, key_ops: anything },
});

/** Keys by `kid`, which several may share. */
export type Keys = ReadonlyMap<string, readonly CryptoKey[]>;

/** A parsed key set. */
export interface ParsedKeySet {
  readonly keys: Keys;
  /** Describes keys that should be usable but are not. */
  readonly unusable?: CctError;
  /** Why the set has no key for RS256, unless a key is unusable. */
  readonly warning?: string;
}

/**
 * Parses the RS256 keys of a JWK Set (RFC 7517), and reports problems of the set. Ignores keys for other purposes. Rejects with
 * `unintelligible` if the text is not a JWK Set.
 */
export async function parseKeySet(host: string, text: string): Promise<ParsedKeySet> {
  const keys = new Map<string, readonly CryptoKey[]>();
  const faults: unknown[] = [];
  const members = parseMembers(host, text);
  for (const member of members) {
    const { data: jwk } = keySchema.safeParse(member);
    if (!jwk) continue;
    try {
      const key = await createLocalJWKSet({ keys: [jwk as JWK] })({ alg: 'RS256', kid: jwk.kid });
      requireLength(key);
      keys.set(jwk.kid, [...(keys.get(jwk.kid) ?? []), key]);
    } catch (thrown) {
      if (!(thrown instanceof errors.JWKSNoMatchingKey)) faults.push(thrown);
    }
  }
  if (faults.length === 0) return keys.size > 0 ? { keys } : { keys, warning: toEmptyWarning(host, members.length) };
  const message = `The key set of ${host} contains ${toAmount(faults.length, 'unusable key')}`;
  return { keys, unusable: new CctError('unintelligible', message, { cause: faults[0] }) };
}

function toEmptyWarning(host: string, memberCount: number): string {
  const what =
    memberCount === 0 ? 'is empty' : `has ${toAmount(memberCount, 'key')}, but none for RS256 (RSA, with a kid, for signatures)`;
  return `The key set of ${host} ${what}, so no token from that host is accepted: check that it is the right key host`;
}

function parseMembers(host: string, text: string): readonly unknown[] {
  try {
    return z.parse(keySetSchema, JSON.parse(text)).keys;
  } catch (cause) {
    throw new CctError('unintelligible', `The answer from ${host} is not a key set`, { cause });
  }
}

function requireLength({ algorithm }: CryptoKey): void {
  const bits = 'modulusLength' in algorithm ? Number(algorithm.modulusLength) : 0;
  if (bits < LEAST_RSA_BITS) throw new Error(`An RSA key has ${bits} bits, fewer than ${LEAST_RSA_BITS}`);
}
