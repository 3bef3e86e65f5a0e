import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { parseSecret } from '../../../src/relay/auth/auth.ts';
import { SECRET_PLACEHOLDER } from '../../../src/relay/docs/module-type.ts';

describe('a secret for HS256', () => {
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
  ])('is used unchanged, except a line break at its end: %s', (_, given, secret) => {
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
    const message = `The HS256 secret has ${byteCount} bytes; RFC 7518, section 3.2, requires at least 32`;
    expect(() => parseSecret(given)).toThrow(new CctError('usage', message));
  });

  test.each([
    [`${SECRET_PLACEHOLDER}\n`, 'the public placeholder of `cct module-type`'],
    [` ${SECRET_PLACEHOLDER} `, 'the public placeholder of `cct module-type`'],
    ['a'.repeat(32), 'a single repeated character'],
    [new Uint8Array(64), 'a single repeated character'],
    [' '.repeat(40), 'blank'],
    [' \t\n'.repeat(20), 'blank'],
  ])('is refused when it can be guessed: %j', (given, weakness) => {
    const message = `The HS256 secret is ${weakness}; generate one with \`openssl rand -hex 32\``;
    expect(() => parseSecret(given)).toThrow(new CctError('usage', message));
  });
});
