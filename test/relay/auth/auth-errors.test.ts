import { describe, expect, test } from 'vitest';
import { createAuthenticator } from '../../../src/relay/auth/auth.ts';
import type { KeySets } from '../../../src/relay/auth/key-sets.ts';
import { createKeySets } from '../../../src/relay/auth/key-sets.ts';
import { signHs256, toPart } from '../../helpers/tokens.ts';
import { AUDIENCE, failureOf, good, hs256, now, SECRET, signer, startRs256 } from './judge-tokens.ts';
import { fetchKeys } from '../../helpers/key-host.ts';

/** Everything that a log could contain of an error and its causes. */
function tell(thrown: unknown): string {
  if (!(thrown instanceof Error)) return JSON.stringify([thrown]);
  return [thrown.stack, JSON.stringify(Object.entries(thrown)), tell(thrown.cause)].join('\n');
}

describe('an authentication error', () => {
  const MARK = 'do-not-log-this';
  test.each([
    ['claims', signHs256({ aud: 'x', key: MARK }, SECRET)],
    ['an expired token', signHs256({ ...good, exp: 1, key: MARK }, SECRET)],
    ['claims that are no JSON', signHs256(MARK, SECRET)],
    ['a header that is no JSON', `${toPart(MARK)}.${toPart(good)}.AAAA`],
    ['a crit header', signHs256(good, SECRET, { crit: [MARK] })],
    ['an algorithm', signHs256(good, SECRET, { alg: MARK })],
    ['the structure', MARK],
  ])('contains no part of the token or the secret: %s', async (_, token) => {
    const error = await failureOf(hs256, `Bearer ${token}`);
    const told = tell(error);
    const secret = new TextDecoder().decode(SECRET);
    const parts = [MARK, secret, ...token.split('.').filter((part) => part.length > 4)];
    expect(parts.filter((part) => told.includes(part))).toEqual([]);
    expect(error.code).toBe('unauthorized');
  });

  test('has the code of the error as its cause', async () => {
    const { cause } = await failureOf(hs256, `Bearer ${signHs256({ aud: 'x' }, SECRET)}`);
    expect(cause).toMatchObject({ message: 'ERR_JWT_CLAIM_VALIDATION_FAILED' });
  });

  test.each([
    ['in the clock', { now: () => new Date(NaN) }, 'Invalid currentDate option input'],
    [
      'in what finds keys',
      {
        keySets: {
          find: () => {
            throw new Error('a bug');
          },
          problems: () => [],
          keysByHost: () => new Map(),
        },
      },
      'a bug',
    ],
  ] as const)('is internal when it is a bug: %s', async (_, broken: { now?: () => Date; keySets?: KeySets }, message) => {
    const { host } = await startRs256();
    const keySets = createKeySets({ hosts: [host.host], fetchText: fetchKeys, monotonicMs: () => 0 });
    const authenticate = createAuthenticator({ kind: 'rs256', keySets, audience: AUDIENCE, now, ...broken });
    const error = await failureOf(authenticate, `Bearer ${signer.sign(good)}`);
    expect([error.code, error.message]).toEqual(['internal', 'Cannot check the authorization: this is a bug in cct']);
    expect(error.cause).toMatchObject({ message });
  });
});
