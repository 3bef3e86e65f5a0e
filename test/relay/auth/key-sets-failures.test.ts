import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { createKeySets } from '../../../src/relay/auth/key-sets.ts';
import { findAll, findFirst, HOUR_MS, messagesOf, MINUTE_MS, nameOf, open, red, SECOND_MS, toSet } from './open-key-sets.ts';

const DOWN = 'unavailable: Cannot fetch the keys of one.example (HTTP 503)';

describe('an unreachable key host', () => {
  test('is requested and reported at most once every 10 seconds', async () => {
    const { fetched, find, keySets, setTime, told } = open({ 'one.example': new Error('HTTP 503') });
    expect([await find('red'), await find('blue'), await find('red'), fetched.length]).toEqual([[], [], [], 1]);
    setTime(10 * SECOND_MS - 1);
    expect([await find('red'), fetched.length, messagesOf(told)]).toEqual([[], 1, [DOWN]]);
    setTime(10 * SECOND_MS);
    expect([await find('red'), fetched.length, messagesOf(told)]).toEqual([[], 2, [DOWN, DOWN]]);
    expect(messagesOf(keySets.problems())).toEqual([DOWN]);
  });

  test('is a problem until it is reachable', async () => {
    const { answer, fetched, find, keySets, setTime, told } = open({ 'one.example': new Error('HTTP 503') });
    await find('red');
    answer('one.example', toSet(red.jwk));
    setTime(10 * SECOND_MS);
    expect([await find('red'), keySets.problems(), told.length]).toEqual([['red'], [], 1]);
    // From then on a kid that is not known has it fetched after 5 seconds, as ever.
    setTime(15 * SECOND_MS - 1);
    expect([await find('blue'), fetched.length]).toEqual([[], 2]);
    setTime(15 * SECOND_MS);
    expect([await find('blue'), fetched.length]).toEqual([[], 3]);
  });

  test('has its old set used for a day', async () => {
    const { answer, fetched, find, keySets, setTime, told } = open({ 'one.example': toSet(red.jwk) });
    await find('red');
    answer('one.example', new Error('HTTP 503'));
    setTime(10 * MINUTE_MS);
    expect([await find('red'), await find('red'), fetched.length, messagesOf(told)]).toEqual([['red'], ['red'], 2, [DOWN]]);
    setTime(10 * MINUTE_MS + 10 * SECOND_MS - 1);
    expect([await find('red'), await find('blue'), fetched.length]).toEqual([['red'], [], 2]);
    setTime(24 * HOUR_MS - 1);
    expect([await find('red'), fetched.length, messagesOf(told)]).toEqual([['red'], 3, [DOWN, DOWN]]);
    setTime(24 * HOUR_MS);
    expect([await find('red'), fetched.length]).toEqual([[], 3]);
    expect(messagesOf(keySets.problems())).toEqual([DOWN]);
  });

  test('does not affect the keys of another', async () => {
    const { find, keySets } = open({ 'one.example': new Error('HTTP 503'), 'two.example': toSet(red.jwk) });
    expect([await find('red'), messagesOf(keySets.problems())]).toEqual([['red'], [DOWN]]);
  });

  test('does not delay the keys of another', async () => {
    const fetchText = ({ host }: URL) =>
      host === 'one.example' ? new Promise<string>(() => undefined) : Promise.resolve(toSet(red.jwk));
    const keySets = createKeySets({ hosts: ['one.example', 'two.example'], fetchText, monotonicMs: () => 0 });
    const found = [await findFirst(keySets, 'red'), await findFirst(keySets, 'red')];
    expect(found.map((key) => key && nameOf(key))).toEqual(['red', 'red']);
  });

  test.each([
    [
      'by throwing',
      (): Promise<string> => {
        throw new Error('odd');
      },
    ],
    ['with an error that is ours', () => Promise.reject(new CctError('unintelligible', 'odd'))],
    ['with what is no error', () => Promise.resolve('').finally(() => AbortSignal.abort('odd').throwIfAborted())],
  ])('may fail in any way: %s', async (_, fetchText) => {
    const keySets = createKeySets({ hosts: ['one.example'], fetchText, monotonicMs: () => 0 });
    expect(await findAll(keySets, 'red')).toEqual([]);
    expect(messagesOf(keySets.problems())).toEqual(['unavailable: Cannot fetch the keys of one.example (odd)']);
  });
});

describe('an answer that is not a key set', () => {
  const NO_SET = 'unintelligible: The answer from one.example is not a key set';

  test.each([
    ['nothing', ''],
    ['HTML', '<!doctype html><title>Wait</title>'],
    ['cut short', toSet(red.jwk).slice(0, -2)],
    ['null', 'null'],
    ['a list', JSON.stringify([red.jwk])],
    ['one key', JSON.stringify(red.jwk)],
    ['keys that are no list', JSON.stringify({ keys: { red: red.jwk } })],
  ])('is a problem: %s', async (_, answer) => {
    const { fetched, find, keySets, told } = open({ 'one.example': answer });
    expect([await find('red'), await find('red'), fetched.length]).toEqual([[], [], 1]);
    expect([messagesOf(told), messagesOf(keySets.problems())]).toEqual([[NO_SET], [NO_SET]]);
  });

  test('has the old set used', async () => {
    const { answer, find, setTime, told } = open({ 'one.example': toSet(red.jwk) });
    await find('red');
    answer('one.example', '<!doctype html>');
    setTime(10 * MINUTE_MS);
    expect([await find('red'), messagesOf(told)]).toEqual([['red'], [NO_SET]]);
  });
});
