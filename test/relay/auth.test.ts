import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import type { Authenticator } from '../../src/relay/auth.ts';
import { createAuthenticator, parseSecret } from '../../src/relay/auth.ts';
import { SECRET_PLACEHOLDER } from '../../src/relay/module-type.ts';
import type { KeySets } from '../../src/relay/key-sets.ts';
import { createKeySets } from '../../src/relay/key-sets.ts';
import { caPath, readCertificate } from '../helpers/certificates.ts';
import type { FakeJwks, FakeJwksOptions } from '../helpers/fake-jwks.ts';
import { startFakeJwks } from '../helpers/fake-jwks.ts';
import { ask } from '../helpers/plain-http.ts';
import { createRsaSigner, signHs256, toPart, toUnsigned } from '../helpers/tokens.ts';

const NOW_SECONDS = 1_900_000_000;
const now = () => new Date(NOW_SECONDS * 1000);
const AUDIENCE = 'https://relay.example';
const SECRET = parseSecret('a secret of which nobody knows, 0123456789');
const signer = createRsaSigner('key-1');
const attacker = createRsaSigner('key-1');

const GOOD = 'good';
const MISSING = 'Authorization header is missing';
const WRONG_TYPE = 'Wrong authorization type';
const WRONG_STRUCTURE = 'Wrong JWT structure';
const WRONG_PAYLOAD = 'Wrong JWT payload structure';
const WRONG_AUDIENCE = 'Wrong configuration-token-audience';
const WRONG_KEY = 'Failed to decode JWT with provided key';
const NO_KID = 'kid from JWT header not found in API response';
const NO_KEYS = 'The keys to check the JWT with cannot be fetched';
const EXPIRED = 'JWT has expired';
const NOT_YET = 'JWT is not yet valid';

/** What becomes of a header: `good`, or why not. Fails on every error that is no refusal. */
async function judge(authenticate: Authenticator, header: string | null | undefined): Promise<string> {
  const thrown: unknown = await authenticate(header).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (thrown === undefined) return GOOD;
  if (!(thrown instanceof CctError) || thrown.code !== 'unauthorized') throw new Error('No refusal', { cause: thrown });
  const prefix = 'Authorization failed: ';
  expect(thrown.message.slice(0, prefix.length)).toBe(prefix);
  return thrown.message.slice(prefix.length);
}

async function failureOf(authenticate: Authenticator, header: string): Promise<CctError> {
  const thrown: unknown = await authenticate(header).catch((reason: unknown) => reason);
  if (!(thrown instanceof CctError)) throw new Error('It did not fail as it should', { cause: thrown });
  return thrown;
}

/** All that a log could show of an error and its causes. */
function tell(thrown: unknown): string {
  if (!(thrown instanceof Error)) return JSON.stringify([thrown]);
  return [thrown.stack, JSON.stringify(Object.entries(thrown)), tell(thrown.cause)].join('\n');
}

async function startKeyHost(options: FakeJwksOptions = {}): Promise<FakeJwks> {
  const host = await startFakeJwks({ tls: readCertificate('localhost'), ...options });
  onTestFinished(() => host.close());
  return host;
}

const ca = readFileSync(caPath, 'utf8');
async function fetchText(url: URL): Promise<string> {
  const { status, body } = await ask(url.origin, url.pathname, { ca });
  if (status !== 200) throw new Error(`HTTP ${status}`);
  return body;
}

async function startRs256(): Promise<{ readonly authenticate: Authenticator; readonly host: FakeJwks }> {
  const host = await startKeyHost({ keys: [signer.jwk] });
  const keySets = createKeySets({ hosts: [host.host], fetchText, nowMs: () => NOW_SECONDS * 1000 });
  return { authenticate: createAuthenticator({ kind: 'rs256', keySets, audience: AUDIENCE, now }), host };
}

const hs256 = createAuthenticator({ kind: 'hs256', secret: SECRET, audience: AUDIENCE, now });
const hs256Anywhere = createAuthenticator({ kind: 'hs256', secret: SECRET, audience: undefined, now });
const good = { aud: AUDIENCE };

describe('a relay without authentication', () => {
  test('lets everybody pass', async () => {
    const authenticate = createAuthenticator({ kind: 'none' });
    const headers = [null, undefined, '', 'Basic eDp5', 'Bearer x'];
    expect(await Promise.all(headers.map((header) => judge(authenticate, header)))).toEqual(headers.map(() => GOOD));
  });
});

// What is no token at all is refused alike, whichever algorithm is asked for.
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
  ['a header of 16 KiB and 1', `Bearer ${'a'.repeat(16 * 1024 - 6)}`, 'Authorization header is longer than 16384 characters'],
  ['a header of 16 KiB', `Bearer ${'a'.repeat(16 * 1024 - 7)}`, WRONG_STRUCTURE],
];

describe('what is no token', () => {
  test.each(malformed)('is refused where HS256 is asked for: %s', async (_, header, reason) => {
    expect(await judge(hs256, header)).toBe(reason);
  });

  test.each(malformed)('is refused where RS256 is asked for, without a fetch: %s', async (_, header, reason) => {
    const { authenticate, host } = await startRs256();
    expect([await judge(authenticate, header), host.connections]).toEqual([reason, 0]);
  });
});

/** The claims of tokens that are signed as they should be, and what becomes of them where the audience matters. */
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

describe('a token that is signed as it should be', () => {
  test.each(claimsTable)('with HS256: %s', async (_, claims, reason) => {
    expect(await judge(hs256, `Bearer ${signHs256(claims, SECRET)}`)).toBe(reason);
  });

  test.each(claimsTable)('with RS256: %s', async (_, claims, reason) => {
    const { authenticate } = await startRs256();
    expect(await judge(authenticate, `Bearer ${signer.sign(claims)}`)).toBe(reason);
  });

  test('may name any audience or none where none is asked for', async () => {
    const tokens = [{ key: 'k' }, { aud: 'https://other.example' }].map((claims) => `Bearer ${signHs256(claims, SECRET)}`);
    expect(await Promise.all(tokens.map((token) => judge(hs256Anywhere, token)))).toEqual([GOOD, GOOD]);
  });

  test('is good whatever the case of the scheme, and with spaces around', async () => {
    const token = signHs256(good, SECRET);
    const headers = [`bearer ${token}`, `BEARER ${token}`, `Bearer   ${token}`, ` Bearer ${token} `];
    expect(await Promise.all(headers.map((header) => judge(hs256, header)))).toEqual(headers.map(() => GOOD));
  });

  test('is good again and again', async () => {
    const { authenticate, host } = await startRs256();
    const header = `Bearer ${signer.sign(good)}`;
    expect([await judge(authenticate, header), await judge(authenticate, header)]).toEqual([GOOD, GOOD]);
    expect(host.requests).toEqual(['GET /.well-known/jwks']);
  });
});

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

  test('never says where its key is', async () => {
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

  test('may name a place for keys, which is of no concern', async () => {
    const { authenticate } = await startRs256();
    const evil = await startKeyHost();
    const token = signer.sign({ ...good, jwks_host: evil.host }, { jku: evil.url, jwk: attacker.jwk });
    expect([await judge(authenticate, `Bearer ${token}`), evil.connections]).toEqual([GOOD, 0]);
  });

  test('is refused with why when the keys cannot be fetched', async () => {
    const { authenticate, host } = await startRs256();
    host.set({ status: 503 });
    const { code, message, cause } = await failureOf(authenticate, `Bearer ${signer.sign(good)}`);
    expect([code, message]).toEqual(['unauthorized', `Authorization failed: ${NO_KEYS}`]);
    expect(cause).toMatchObject({ code: 'unavailable', message: `The keys of ${host.host} cannot be fetched (HTTP 503)` });
  });
});

describe('two hosts with the same kid', () => {
  test('both may verify, and nobody else', async () => {
    const [one, other] = [await startKeyHost({ keys: [signer.jwk] }), await startKeyHost({ keys: [attacker.jwk] })];
    const keySets = createKeySets({ hosts: [one.host, other.host], fetchText, nowMs: () => 0 });
    const authenticate = createAuthenticator({ kind: 'rs256', keySets, audience: AUDIENCE, now });
    const third = createRsaSigner('key-1');
    const tokens = [attacker.sign(good), signer.sign(good), third.sign(good), attacker.sign({}), signer.sign({})];
    const reasons: string[] = [];
    for (const token of tokens) reasons.push(await judge(authenticate, `Bearer ${token}`));
    expect(reasons).toEqual([GOOD, GOOD, WRONG_KEY, WRONG_AUDIENCE, WRONG_AUDIENCE]);
  });
});

describe('an error', () => {
  const MARK = 'do-not-log-this';
  test.each([
    ['claims', signHs256({ aud: 'x', key: MARK }, SECRET)],
    ['an expired token', signHs256({ ...good, exp: 1, key: MARK }, SECRET)],
    ['claims that are no JSON', signHs256(MARK, SECRET)],
    ['a header that is no JSON', `${toPart(MARK)}.${toPart(good)}.AAAA`],
    ['a crit header', signHs256(good, SECRET, { crit: [MARK] })],
    ['an algorithm', signHs256(good, SECRET, { alg: MARK })],
    ['the structure', MARK],
  ])('holds nothing of the token, nor of the secret: %s', async (_, token) => {
    const error = await failureOf(hs256, `Bearer ${token}`);
    const told = tell(error);
    const secret = new TextDecoder().decode(SECRET);
    const parts = [MARK, secret, ...token.split('.').filter((part) => part.length > 4)];
    expect(parts.filter((part) => told.includes(part))).toEqual([]);
    expect(error.code).toBe('unauthorized');
  });

  test('has as its cause what kind of error it was', async () => {
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
        },
      },
      'a bug',
    ],
  ] as const)('that is a bug is told as one: %s', async (_, broken: { now?: () => Date; keySets?: KeySets }, message) => {
    const { host } = await startRs256();
    const keySets = createKeySets({ hosts: [host.host], fetchText, nowMs: () => 0 });
    const authenticate = createAuthenticator({ kind: 'rs256', keySets, audience: AUDIENCE, now, ...broken });
    const error = await failureOf(authenticate, `Bearer ${signer.sign(good)}`);
    expect([error.code, error.message]).toEqual(['internal', 'Authorization could not be checked: this is a bug in cct']);
    expect(error.cause).toMatchObject({ message });
  });
});

describe('a secret', () => {
  const text = '0123456789abcdef0123456789abcdeé';
  const bytes = Buffer.from(text);
  test.each([
    ['a text', text, bytes],
    ['bytes', bytes, bytes],
    ['LF at the end', `${text}\n`, bytes],
    ['CRLF at the end', `${text}\r\n`, bytes],
    ['one line break of two', `${text}\n\n`, Buffer.from(`${text}\n`)],
    ['CR at the end, which is no line break', `${text}\r`, Buffer.from(`${text}\r`)],
    ['spaces around', ` ${text} `, Buffer.from(` ${text} `)],
    ['32 bytes of any kind', Uint8Array.from({ length: 32 }, (_, at) => at), Uint8Array.from({ length: 32 }, (_, at) => at)],
    ['bytes and LF', Buffer.from(`${text}\n`), bytes],
  ])('is taken as it is: %s', (_, given, secret) => {
    expect(Buffer.from(parseSecret(given)).toString('hex')).toBe(Buffer.from(secret).toString('hex'));
  });

  test.each([
    ['', 0],
    ['\n', 0],
    ['\r\n', 0],
    ['a short one', 11],
    ['0123456789abcdef0123456789abcde', 31],
    ['0123456789abcdef0123456789abcde\n', 31],
  ])('is refused when it is too short: %j', (given, byteCount) => {
    const message = `The secret for HS256 tokens has ${byteCount} bytes; RFC 7518, section 3.2, asks for 32 or more`;
    expect(() => parseSecret(given)).toThrow(new CctError('usage', message));
  });

  test.each([
    [`${SECRET_PLACEHOLDER}\n`, 'the placeholder of `cct module-type`, which everybody knows'],
    [` ${SECRET_PLACEHOLDER} `, 'the placeholder of `cct module-type`, which everybody knows'],
    ['a'.repeat(32), 'one character again and again'],
    [new Uint8Array(64), 'one character again and again'],
    [' '.repeat(40), 'nothing but blanks'],
    [' \t\n'.repeat(20), 'nothing but blanks'],
  ])('is refused when anybody could guess it: %j', (given, weakness) => {
    const message = `The secret for HS256 tokens is ${weakness}: make one with \`openssl rand -hex 32\``;
    expect(() => parseSecret(given)).toThrow(new CctError('usage', message));
  });
});
