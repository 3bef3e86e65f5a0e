import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';

/** A secret long enough for HS256. */
export const HS256_SECRET = 'a secret of thirty-two bytes, or so';

/** Fields of a token's header; one that is undefined is left out. */
export type TokenHeader = Readonly<Record<string, unknown>>;

/** A public RSA key of a key set. */
export interface RsaJwk {
  readonly kty: 'RSA';
  readonly use: 'sig';
  readonly alg: 'RS256';
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

/** A key that signs tokens. */
export interface RsaSigner {
  readonly jwk: RsaJwk;
  /** The same key as PEM text. */
  readonly publicPem: string;
  /** The private half, which a key set must never hold. */
  readonly privateJwk: Readonly<Record<string, unknown>>;
  /** An RS256 token with `kid` and `typ` in its header, changed by `header`. Claims may be invalid. */
  sign(claims: unknown, header?: TokenHeader): string;
}

/** A part of a token: base64url of JSON, or of a text. */
export function toPart(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

/** A token without signature: `header.payload.`, such as `alg: none` has. */
export function toUnsigned(claims: unknown, header: TokenHeader): string {
  return `${toPart(header)}.${toPart(claims)}.`;
}

/** An HS256 token, signed with Node's HMAC. `header` changes the usual `alg` and `typ`. Claims may be invalid; a text is the payload. */
export function signHs256(claims: unknown, secret: string | Uint8Array, header: TokenHeader = {}): string {
  const signed = `${toPart({ alg: 'HS256', typ: 'JWT', ...header })}.${toPart(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** Makes a new RSA key, by default of 2048 bits, which takes a while. */
export function createRsaSigner(kid: string, modulusLength = 2048): RsaSigner {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  return {
    jwk: { kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e },
    publicPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    privateJwk: { ...privateKey.export({ format: 'jwk' }), kid },
    sign(claims, header = {}) {
      const signed = `${toPart({ alg: 'RS256', typ: 'JWT', kid, ...header })}.${toPart(claims)}`;
      return `${signed}.${createSign('sha256').update(signed).sign(privateKey, 'base64url')}`;
    },
  };
}
