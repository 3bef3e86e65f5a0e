import { describe, expect, test } from 'vitest';
import { createRsaSigner } from '../../helpers/tokens.ts';
import { blue, findFirst, messagesOf, nameOf, open, red, SECOND_MS, toSet } from './open-key-sets.ts';

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

describe('a key set without a key for RS256', () => {
  const WARNING = 'so no token from that host is accepted: check that it is the right key host';
  const curve = { kid: 'red', kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' };

  test.each([
    ['it is empty', [], 'The key set of one.example is empty'],
    ['its key is ignored', [curve], 'The key set of one.example has 1 key, but none for RS256 (RSA, with a kid, for signatures)'],
    [
      'all its keys are ignored',
      [curve, { ...red.jwk, kid: undefined }, { ...blue.jwk, use: 'enc' }],
      'The key set of one.example has 3 keys, but none for RS256 (RSA, with a kid, for signatures)',
    ],
  ])('is warned of, with its host, when %s', async (_, members, what) => {
    const { find, told, warned } = open({ 'one.example': toSet(...members) });
    expect([await find('red'), told, warned]).toEqual([[], [], [`${what}, ${WARNING}`]]);
  });

  test('is warned of again only when what is wrong with it changes', async () => {
    const { answer, fetched, find, setTime, told, warned } = open({ 'one.example': toSet() });
    for (const [seconds, members] of [[], [], [curve], [blue.jwk], []].entries()) {
      answer('one.example', toSet(...members));
      setTime(seconds * 5 * SECOND_MS);
      await find('red');
    }
    expect([fetched.length, told, warned.map((text) => /is empty|has 1 key/.exec(text)?.[0])]).toEqual([
      5,
      [],
      ['is empty', 'has 1 key', 'is empty'],
    ]);
  });

  test('is no warning beside the report of unusable keys', async () => {
    const { find, told, warned } = open({ 'one.example': toSet(curve, weak.jwk) });
    await find('red');
    expect([messagesOf(told), warned]).toEqual([['unintelligible: The key set of one.example contains 1 unusable key'], []]);
  });
});
