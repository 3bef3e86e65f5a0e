import { describe, expect, test } from 'vitest';
import { createRsaSigner } from '../../helpers/tokens.ts';
import { blue, findFirst, messagesOf, nameOf, open, red, toSet } from './open-key-sets.ts';

const weak = createRsaSigner('weak', 2040);

describe('a member of a key set', () => {
  const { kid, kty, n, e } = red.jwk;
  const bare = { kid, kty, n, e };

  test.each([
    ['for encryption', { ...bare, use: 'enc' }],
    ['for another algorithm', { ...bare, alg: 'RS512' }],
    ['for RSA-PSS', { ...bare, alg: 'PS256' }],
    ['for signing', { ...bare, key_ops: ['sign'] }],
    ['without a kid', { ...bare, kid: undefined }],
    ['whose kid is a number', { ...bare, kid: 1 }],
    ['of a curve', { kid, kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }],
    ['that is secret', { kid, kty: 'oct', k: 'AA' }],
    ['of a kind that is not known', { kid, kty: 'XYZ' }],
    ['that is a text', 'red'],
    ['that is null', null],
  ])('is ignored, and others are used: %s', async (_, member) => {
    const { find, keySets, told } = open({ 'one.example': toSet(member, blue.jwk) });
    expect([await find('red'), await find('blue')]).toEqual([[], ['blue']]);
    expect([told, keySets.problems()]).toEqual([[], []]);
  });

  test.each([
    ['with nothing but what is needed', bare],
    ['with its purpose', { ...bare, use: 'sig', alg: 'RS256', key_ops: ['verify'] }],
    ['with more than is known', { ...bare, x5t: 'x', ext: 'x' }],
  ])('is used: %s', async (_, member) => {
    const { find } = open({ 'one.example': toSet(member) });
    expect(await find('red')).toEqual(['red']);
  });

  test.each([
    ['without modulus', { ...bare, n: undefined }],
    ['without exponent', { ...bare, e: undefined }],
    ['with an empty modulus', { ...bare, n: '' }],
    ['with a modulus that is a number', { ...bare, n: 3 }],
    ['with a modulus of garbage', { ...bare, n: '!' }],
    ['that is too short', { ...weak.jwk, kid }],
  ])('is reported when it is unusable, and others are used: %s', async (_, member) => {
    const { find, keySets, told } = open({ 'one.example': toSet(member, blue.jwk, weak.jwk) });
    expect([await find('red'), await find('blue'), await find('weak')]).toEqual([[], ['blue'], []]);
    expect(messagesOf(told)).toEqual(['unintelligible: The key set of one.example contains 2 unusable keys']);
    expect(keySets.problems()).toEqual([]);
  });

  test('is used without its private part', async () => {
    const { keySets } = open({ 'one.example': toSet(red.privateJwk) });
    const key = await findFirst(keySets, 'red');
    expect([key?.type, key && nameOf(key)]).toEqual(['public', 'red']);
  });
});
