import { describe, expect, test } from 'vitest';
import { createAuthenticator } from '../../../src/relay/auth/auth.ts';
import { createKeySets } from '../../../src/relay/auth/key-sets.ts';
import { createRsaSigner, signHs256, toPart } from '../../helpers/tokens.ts';
import {
  AUDIENCE,
  failureOf,
  GOOD,
  good,
  hs256,
  judge,
  now,
  SECRET,
  signer,
  startRs256,
  WRONG_AUDIENCE,
  WRONG_KEY,
  WRONG_PAYLOAD,
  WRONG_STRUCTURE,
} from './judge-tokens.ts';
import { startKeyHost, fetchKeys } from '../../helpers/key-host.ts';

const attacker = createRsaSigner('key-1');
const NO_KID = 'kid from JWT header not found in API response';
const NO_KEYS = 'Cannot fetch the keys to verify the JWT';

describe('a token for HS256', () => {
  const [head, payload, signature] = signHs256(good, SECRET).split('.');
  test.each([
    ['another secret', signHs256(good, 'another secret, and long enough, 0123456789'), WRONG_KEY],
    ['no secret', signHs256(good, ''), WRONG_KEY],
    ['RS256', signer.sign(good), WRONG_KEY],
    ['RS256 in the header only', signHs256(good, SECRET, { alg: 'RS256' }), WRONG_KEY],
    ['HS512 in the header', signHs256(good, SECRET, { alg: 'HS512' }), WRONG_KEY],
    ['changed claims', `${head}.${toPart({ ...good, admin: true })}.${signature}`, WRONG_KEY],
    ['no signature', `${head}.${payload}.`, WRONG_KEY],
    ['a crit that is not known', signHs256(good, SECRET, { crit: ['exp2'], exp2: 1 }), WRONG_STRUCTURE],
    ['a crit that is a text', signHs256(good, SECRET, { crit: 'exp' }), WRONG_STRUCTURE],
    ['a payload that is not encoded', signHs256(good, SECRET, { crit: ['b64'], b64: false }), WRONG_PAYLOAD],
    ['a kid, which is of no concern', signHs256(good, SECRET, { kid: 'any' }), GOOD],
    ['a key of its own', signHs256(good, 'x'.repeat(32), { jwk: { kty: 'oct', k: toPart('x'.repeat(32)) } }), WRONG_KEY],
  ])('%s', async (_, token, reason) => {
    expect(await judge(hs256, `Bearer ${token}`)).toBe(reason);
  });
});

describe('a token for RS256', () => {
  test.each([
    ['HS256 with the public key as PEM', () => signHs256(good, signer.publicPem, { kid: 'key-1' }), WRONG_KEY],
    ['HS256 with the PEM trimmed', () => signHs256(good, signer.publicPem.trim(), { kid: 'key-1' }), WRONG_KEY],
    ['HS256 with the public key as JWK', () => signHs256(good, JSON.stringify(signer.jwk), { kid: 'key-1' }), WRONG_KEY],
    [
      'RS256 in the header, HMAC with the PEM',
      () => signHs256(good, signer.publicPem, { alg: 'RS256', kid: 'key-1' }),
      WRONG_KEY,
    ],
    ['PS256 in the header', () => signer.sign(good, { alg: 'PS256' }), WRONG_KEY],
    ['the key of somebody else', () => attacker.sign(good), WRONG_KEY],
    ['an unknown kid', () => signer.sign(good, { kid: 'key-2' }), NO_KID],
    ['an empty kid', () => signer.sign(good, { kid: '' }), NO_KID],
    ['a kid that is a name of all objects', () => signer.sign(good, { kid: 'constructor' }), NO_KID],
    ['no kid', () => signer.sign(good, { kid: undefined }), WRONG_STRUCTURE],
    ['a kid that is a number', () => signer.sign(good, { kid: 1 }), WRONG_STRUCTURE],
    ['a crit that is not known', () => signer.sign(good, { crit: ['jku'], jku: 'https://keys.example/' }), WRONG_STRUCTURE],
    ['claims of another token', () => signer.sign(good).replace(/\.[^.]+\./, `.${toPart({ ...good, exp: 9e9 })}.`), WRONG_KEY],
  ])('%s', async (_, toToken, reason) => {
    const { authenticate } = await startRs256();
    expect(await judge(authenticate, `Bearer ${toToken()}`)).toBe(reason);
  });

  test('cannot name the place of its key', async () => {
    const { authenticate, host } = await startRs256();
    const evil = await startKeyHost({ keys: [attacker.jwk, { ...attacker.jwk, kid: 'key-2' }] });
    const url = `${evil.url}.well-known/jwks`;
    const claims = { ...good, jwks_host: evil.host, iss: evil.url };
    const tokens = ['key-1', 'key-2', url].flatMap((kid) => [
      attacker.sign(claims, { kid }),
      attacker.sign(good, { kid, jku: url }),
      attacker.sign(good, { kid, x5u: url, jwks_host: evil.host }),
      attacker.sign(good, { kid, jwk: attacker.jwk }),
      attacker.sign(good, { kid, x5c: [attacker.publicPem.replaceAll(/-----.*-----|\n/g, '')] }),
    ]);
    const reasons = await Promise.all(tokens.map((token) => judge(authenticate, `Bearer ${token}`)));
    expect(reasons).toEqual([...tokens.slice(0, 5).map(() => WRONG_KEY), ...tokens.slice(5).map(() => NO_KID)]);
    expect([evil.connections, evil.requests, host.requests]).toEqual([0, [], ['GET /.well-known/jwks']]);
  });

  test('may name a place for keys, which is ignored', async () => {
    const { authenticate } = await startRs256();
    const evil = await startKeyHost();
    const token = signer.sign({ ...good, jwks_host: evil.host }, { jku: evil.url, jwk: attacker.jwk });
    expect([await judge(authenticate, `Bearer ${token}`), evil.connections]).toEqual([GOOD, 0]);
  });

  test('is refused with the cause when the keys cannot be fetched', async () => {
    const { authenticate, host } = await startRs256();
    host.set({ status: 503 });
    const { code, message, cause } = await failureOf(authenticate, `Bearer ${signer.sign(good)}`);
    expect([code, message]).toEqual(['unauthorized', `Authorization failed: ${NO_KEYS}`]);
    expect(cause).toMatchObject({ code: 'unavailable', message: `Cannot fetch the keys of ${host.host} (HTTP 503)` });
  });
});

describe('two hosts with the same kid', () => {
  test('can both verify a token', async () => {
    const [one, other] = [await startKeyHost({ keys: [signer.jwk] }), await startKeyHost({ keys: [attacker.jwk] })];
    const keySets = createKeySets({ hosts: [one.host, other.host], fetchText: fetchKeys, monotonicMs: () => 0 });
    const authenticate = createAuthenticator({ kind: 'rs256', keySets, audience: AUDIENCE, now });
    const third = createRsaSigner('key-1');
    const tokens = [attacker.sign(good), signer.sign(good), third.sign(good), attacker.sign({}), signer.sign({})];
    const reasons: string[] = [];
    for (const token of tokens) reasons.push(await judge(authenticate, `Bearer ${token}`));
    expect(reasons).toEqual([GOOD, GOOD, WRONG_KEY, WRONG_AUDIENCE, WRONG_AUDIENCE]);
  });
});
