import { describe, expect, test } from 'vitest';
import { createKeySets } from '../../../src/relay/auth/key-sets.ts';
import { blue, findAll, findFirst, MINUTE_MS, nameOf, open, red, toSet } from './open-key-sets.ts';

describe('a key set', () => {
  test('is fetched at the first need, from its place', async () => {
    const { fetched, find } = open({ 'one.example': toSet(red.jwk, blue.jwk) });
    expect(fetched).toEqual([]);
    expect([await find('blue'), await find('red')]).toEqual([['blue'], ['red']]);
    expect(fetched).toEqual(['https://one.example/.well-known/jwks']);
  });

  test('may be at a port', async () => {
    const { fetched, find } = open({ 'one.example:8443': toSet(red.jwk) });
    expect([await find('red'), fetched]).toEqual([['red'], ['https://one.example:8443/.well-known/jwks']]);
  });

  test('is used for ten minutes and then fetched again', async () => {
    const { answer, fetched, find, setTime } = open({ 'one.example': toSet(red.jwk) });
    await find('red');
    answer('one.example', toSet(blue.jwk));
    setTime(10 * MINUTE_MS - 1);
    expect([await find('red'), fetched.length]).toEqual([['red'], 1]);
    setTime(10 * MINUTE_MS);
    expect([await find('red'), fetched.length]).toEqual([[], 2]);
    expect([await find('blue'), fetched.length]).toEqual([['blue'], 2]);
  });

  test('is fetched once for all who need it at once', async () => {
    const { fetched, find, setTime } = open({ 'one.example': toSet(red.jwk, blue.jwk) });
    const findMany = () => Promise.all([find('red'), find('blue'), find('green'), find('red')]);
    expect([await findMany(), fetched.length]).toEqual([[['red'], ['blue'], [], ['red']], 1]);
    setTime(10 * MINUTE_MS);
    expect([await findMany(), fetched.length]).toEqual([[['red'], ['blue'], [], ['red']], 2]);
  });

  test('is not used any more while it is fetched again', async () => {
    let nowMs = 0;
    let answerAgain: ((set: string) => void) | undefined;
    let noteAsked: (() => void) | undefined;
    const asked = new Promise<void>((resolve) => (noteAsked = resolve));
    const fetchText = (): Promise<string> => {
      if (nowMs === 0) return Promise.resolve(toSet(red.jwk));
      noteAsked?.();
      return new Promise((resolve) => (answerAgain = resolve));
    };
    const keySets = createKeySets({ hosts: ['one.example'], fetchText, monotonicMs: () => nowMs });
    await findAll(keySets, 'red');
    nowMs = 10 * MINUTE_MS;
    const first = findAll(keySets, 'red');
    await asked;
    const second = findAll(keySets, 'red');
    answerAgain?.(toSet(blue.jwk));
    expect([await first, await second]).toEqual([[], []]);
  });

  test('has its keys read once', async () => {
    const { keySets } = open({ 'one.example': toSet(red.jwk) });
    const key = await findFirst(keySets, 'red');
    expect(key?.type).toBe('public');
    expect(await findFirst(keySets, 'red')).toBe(key);
  });

  test('of a host that is named twice is one', async () => {
    const fetched: string[] = [];
    const fetchText = (url: URL) => {
      fetched.push(url.href);
      return Promise.resolve(toSet(red.jwk));
    };
    const keySets = createKeySets({ hosts: ['one.example', 'ONE.example:443'], fetchText, monotonicMs: () => 0 });
    expect([await findAll(keySets, 'red'), fetched.length]).toEqual([['red'], 1]);
  });

  test('cannot be of what is no host', () => {
    expect(() => open({ 'one example': '' })).toThrow(TypeError);
  });
});

describe('a kid that is not in the set', () => {
  test('has it fetched again at most once a minute', async () => {
    const { answer, fetched, find, keySets, setTime } = open({ 'one.example': toSet(red.jwk) });
    await find('red');
    answer('one.example', toSet(red.jwk, blue.jwk));
    setTime(MINUTE_MS - 1);
    expect([await find('blue'), await find('green'), fetched.length]).toEqual([[], [], 1]);
    setTime(MINUTE_MS);
    expect([await find('green'), await find('blue'), fetched.length]).toEqual([[], ['blue'], 2]);
    setTime(2 * MINUTE_MS - 1);
    expect([await find('green'), fetched.length, keySets.problems()]).toEqual([[], 2, []]);
  });

  test('is not looked for at other hosts when one of them has it', async () => {
    const { fetched, keySets, setTime } = open({ 'one.example': toSet(red.jwk), 'two.example': toSet(blue.jwk) });
    await findFirst(keySets, 'green');
    setTime(2 * MINUTE_MS);
    expect(await findFirst(keySets, 'red')).toBeDefined();
    expect(await findFirst(keySets, 'blue')).toBeDefined();
    expect(fetched.length).toBe(2);
  });
});

describe('a kid that is there twice', () => {
  const twin = { ...blue.jwk, kid: 'red' };

  test('at two hosts gives both keys', async () => {
    const { find } = open({ 'one.example': toSet(red.jwk), 'two.example': toSet(twin) });
    expect([await find('red'), await find('red')]).toEqual([
      ['red', 'blue'],
      ['red', 'blue'],
    ]);
  });

  test('at a host that was down at first gives both keys when the first was not enough', async () => {
    const { answer, fetched, find, keySets, setTime } = open({
      'one.example': toSet(red.jwk),
      'two.example': new Error('HTTP 503'),
    });
    expect(await find('red')).toEqual(['red']);
    answer('two.example', toSet(twin));
    setTime(MINUTE_MS);
    expect([await findFirst(keySets, 'red').then((key) => key && nameOf(key)), fetched.length]).toEqual(['red', 2]);
    expect([await find('red'), fetched.length]).toEqual([['red', 'blue'], 3]);
  });

  test('in one set gives both keys', async () => {
    const { find } = open({ 'one.example': toSet(red.jwk, twin) });
    expect(await find('red')).toEqual(['red', 'blue']);
  });
});
