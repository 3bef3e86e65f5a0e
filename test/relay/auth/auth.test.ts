import { describe, expect, test } from 'vitest';
import { createAuthenticator } from '../../../src/relay/auth/auth.ts';
import { signHs256, toPart, toUnsigned } from '../../helpers/tokens.ts';
import {
  AUDIENCE,
  GOOD,
  good,
  hs256,
  judge,
  MISSING,
  now,
  NOW_SECONDS,
  SECRET,
  signer,
  startRs256,
  WRONG_AUDIENCE,
  WRONG_KEY,
  WRONG_PAYLOAD,
  WRONG_STRUCTURE,
  WRONG_TYPE,
} from './judge-tokens.ts';

const EXPIRED = 'JWT has expired';
const NOT_YET = 'JWT is not yet valid';
const hs256Anywhere = createAuthenticator({ kind: 'hs256', secret: SECRET, audience: undefined, now });

describe('a relay without authentication', () => {
  test('accepts every caller', async () => {
    const authenticate = createAuthenticator({ kind: 'none' });
    const headers = [null, undefined, '', 'Basic eDp5', 'Bearer x'];
    expect(await Promise.all(headers.map((header) => judge(authenticate, header)))).toEqual(headers.map(() => GOOD));
  });
});

// Refused with either algorithm.
const malformed: readonly (readonly [string, string | null | undefined, string])[] = [
  ['no header', undefined, MISSING],
  ['null', null, MISSING],
  ['an empty header', '', MISSING],
  ['a blank header', '  ', MISSING],
  ['another scheme', 'Basic dXNlcjpwYXNz', WRONG_TYPE],
  ['a scheme that only begins so', 'Bearers a.b.c', WRONG_TYPE],
  ['a token without scheme', signHs256(good, SECRET), WRONG_TYPE],
  ['a scheme without token', 'Bearer', WRONG_STRUCTURE],
  ['garbage', 'Bearer garbage', WRONG_STRUCTURE],
  ['two dots', 'Bearer ..', WRONG_STRUCTURE],
  ['two dots of garbage', 'Bearer garbage.of.dots', WRONG_STRUCTURE],
  ['four dots, as what is encrypted has', 'Bearer a.b.c.d.e', WRONG_STRUCTURE],
  ['a header that is a list', `Bearer ${toPart([])}.${toPart(good)}.AAAA`, WRONG_STRUCTURE],
  ['a header that is no JSON', `Bearer ${toPart('{"alg":')}.${toPart(good)}.AAAA`, WRONG_STRUCTURE],
  ['a header that is no UTF-8', `Bearer ${Buffer.from([0xff]).toString('base64url')}.${toPart(good)}.AAAA`, WRONG_STRUCTURE],
  ['two tokens', `Bearer ${signHs256(good, SECRET)}, Bearer ${signHs256(good, SECRET)}`, WRONG_STRUCTURE],
  ['padding', `Bearer ${signHs256(good, SECRET)}=`, WRONG_STRUCTURE],
  ['alg none', `Bearer ${toUnsigned(good, { alg: 'none', kid: 'key-1' })}`, WRONG_KEY],
  ['alg nOnE', `Bearer ${toUnsigned(good, { alg: 'nOnE', kid: 'key-1' })}`, WRONG_KEY],
  ['no alg', `Bearer ${toUnsigned(good, { kid: 'key-1' })}`, WRONG_KEY],
  ['alg as a list', `Bearer ${toUnsigned(good, { alg: ['HS256', 'RS256'], kid: 'key-1' })}`, WRONG_KEY],
  ['a header of 16 KiB and 1', `Bearer ${'a'.repeat(16 * 1024 - 6)}`, 'Authorization header is longer than 16,384 characters'],
  ['a header of 16 KiB', `Bearer ${'a'.repeat(16 * 1024 - 7)}`, WRONG_STRUCTURE],
];

describe('an invalid header', () => {
  test.each(malformed)('is refused for HS256: %s', async (_, header, reason) => {
    expect(await judge(hs256, header)).toBe(reason);
  });

  test.each(malformed)('is refused for RS256, without a fetch: %s', async (_, header, reason) => {
    const { authenticate, host } = await startRs256();
    expect([await judge(authenticate, header), host.connections]).toEqual([reason, 0]);
  });
});

/** Claims of correctly signed tokens, and the result if the audience matters. */
const claimsTable: readonly (readonly [string, unknown, string])[] = [
  ['the audience and no more', good, GOOD],
  ['the claims of the platform', { ...good, iss: 'IROH', iat: NOW_SECONDS, exp: NOW_SECONDS + 600, key: 'k' }, GOOD],
  ['expired by 59 s', { ...good, exp: NOW_SECONDS - 59 }, GOOD],
  ['expired by 61 s', { ...good, exp: NOW_SECONDS - 61 }, EXPIRED],
  ['valid in 59 s', { ...good, nbf: NOW_SECONDS + 59 }, GOOD],
  ['valid in 61 s', { ...good, nbf: NOW_SECONDS + 61 }, NOT_YET],
  ['exp as text', { ...good, exp: String(NOW_SECONDS + 600) }, WRONG_PAYLOAD],
  ['exp as null', { ...good, exp: null }, WRONG_PAYLOAD],
  ['nbf as text', { ...good, nbf: '0' }, WRONG_PAYLOAD],
  ['another audience', { aud: 'https://other.example' }, WRONG_AUDIENCE],
  ['an audience that only begins so', { aud: `${AUDIENCE}.other.example` }, WRONG_AUDIENCE],
  ['no audience', {}, WRONG_AUDIENCE],
  ['an audience that is an object', { aud: { [AUDIENCE]: true } }, WRONG_AUDIENCE],
  ['a list with the audience', { aud: ['https://other.example', AUDIENCE] }, GOOD],
  ['a list without it', { aud: ['https://other.example'] }, WRONG_AUDIENCE],
  ['an empty list', { aud: [] }, WRONG_AUDIENCE],
  ['a list for claims', [good], WRONG_PAYLOAD],
  ['null for claims', null, WRONG_PAYLOAD],
  ['a number for claims', 7, WRONG_PAYLOAD],
  ['claims that are no JSON', '{"aud":', WRONG_PAYLOAD],
  ['no claims', '', WRONG_PAYLOAD],
];

describe('a correctly signed token', () => {
  test.each(claimsTable)('with HS256: %s', async (_, claims, reason) => {
    expect(await judge(hs256, `Bearer ${signHs256(claims, SECRET)}`)).toBe(reason);
  });

  test.each(claimsTable)('with RS256: %s', async (_, claims, reason) => {
    const { authenticate } = await startRs256();
    expect(await judge(authenticate, `Bearer ${signer.sign(claims)}`)).toBe(reason);
  });

  test('may have any audience if none is required', async () => {
    const tokens = [{ key: 'k' }, { aud: 'https://other.example' }].map((claims) => `Bearer ${signHs256(claims, SECRET)}`);
    expect(await Promise.all(tokens.map((token) => judge(hs256Anywhere, token)))).toEqual([GOOD, GOOD]);
  });

  test('is valid with any case of the scheme, and spaces around it', async () => {
    const token = signHs256(good, SECRET);
    const headers = [`bearer ${token}`, `BEARER ${token}`, `Bearer   ${token}`, ` Bearer ${token} `];
    expect(await Promise.all(headers.map((header) => judge(hs256, header)))).toEqual(headers.map(() => GOOD));
  });

  test('is valid several times', async () => {
    const { authenticate, host } = await startRs256();
    const header = `Bearer ${signer.sign(good)}`;
    expect([await judge(authenticate, header), await judge(authenticate, header)]).toEqual([GOOD, GOOD]);
    expect(host.requests).toEqual(['GET /.well-known/jwks']);
  });
});
