import { describe, expect, test } from 'vitest';
import { createKeySets } from '../../../src/relay/auth/key-sets.ts';
import { blue, findAll, findFirst, MINUTE_MS, nameOf, open, red, SECOND_MS, toSet } from './open-key-sets.ts';

describe('a key set', () => {
  test('is fetched when it is needed, from its well-known path', async () => {
    const { fetched, find } = open({ 'one.example': toSet(red.jwk, blue.jwk) });
    expect(fetched).toEqual([]);
    expect([await find('blue'), await find('red')]).toEqual([['blue'], ['red']]);
    expect(fetched).toEqual(['https://one.example/.well-known/jwks']);
  });

  test('may be on a port', async () => {
    const { fetched, find } = open({ 'one.example:8443': toSet(red.jwk) });
    expect([await find('red'), fetched]).toEqual([['red'], ['https://one.example:8443/.well-known/jwks']]);
  });

  test('is used for 10 minutes and then fetched again', async () => {
    const { answer, fetched, find, setTime } = open({ 'one.example': toSet(red.jwk) });
    await find('red');
    answer('one.example', toSet(blue.jwk));
    setTime(10 * MINUTE_MS - 1);
    expect([await find('red'), fetched.length]).toEqual([['red'], 1]);
    setTime(10 * MINUTE_MS);
    expect([await find('red'), fetched.length]).toEqual([[], 2]);
    expect([await find('blue'), fetched.length]).toEqual([['blue'], 2]);
  });

  test('is fetched once for concurrent callers', async () => {
    const { fetched, find, setTime } = open({ 'one.example': toSet(red.jwk, blue.jwk) });
    const findMany = () => Promise.all([find('red'), find('blue'), find('green'), find('red')]);
    expect([await findMany(), fetched.length]).toEqual([[['red'], ['blue'], [], ['red']], 1]);
    setTime(10 * MINUTE_MS);
    expect([await findMany(), fetched.length]).toEqual([[['red'], ['blue'], [], ['red']], 2]);
  });

  test('is not used while it is fetched again', async () => {
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

  test('is fetched once for a host that is given twice', async () => {
    const fetched: string[] = [];
    const fetchText = (url: URL) => {
      fetched.push(url.href);
      return Promise.resolve(toSet(red.jwk));
    };
    const keySets = createKeySets({ hosts: ['one.example', 'ONE.example:443'], fetchText, monotonicMs: () => 0 });
    expect([await findAll(keySets, 'red'), fetched.length]).toEqual([['red'], 1]);
  });

  test('cannot belong to an invalid host', () => {
    expect(() => open({ 'one example': '' })).toThrow(TypeError);
  });
});

describe('an unknown kid', () => {
  test('causes a fetch 5 seconds after the last one at the earliest', async () => {
    const { answer, fetched, find, keySets, setTime } = open({ 'one.example': toSet(red.jwk) });
    await find('red');
    answer('one.example', toSet(red.jwk, blue.jwk));
    setTime(5 * SECOND_MS - 1);
    expect([await find('blue'), await find('green'), fetched.length]).toEqual([[], [], 1]);
    setTime(5 * SECOND_MS);
    expect([await find('green'), await find('blue'), fetched.length]).toEqual([[], ['blue'], 2]);
    setTime(10 * SECOND_MS - 1);
    expect([await find('green'), fetched.length, keySets.problems()]).toEqual([[], 2, []]);
  });

  test('causes at most 12 fetches a minute', async () => {
    const { fetched, find, setTime } = open({ 'one.example': toSet(red.jwk) });
    for (let nowMs = 0; nowMs < MINUTE_MS; nowMs += 250) {
      setTime(nowMs);
      await find('green');
    }
    expect(fetched.length).toBe(12);
  });

  test('causes no fetch when another host has it', async () => {
    const { fetched, keySets, setTime } = open({ 'one.example': toSet(red.jwk), 'two.example': toSet(blue.jwk) });
    await findFirst(keySets, 'green');
    setTime(2 * MINUTE_MS);
    expect(await findFirst(keySets, 'red')).toBeDefined();
    expect(await findFirst(keySets, 'blue')).toBeDefined();
    expect(fetched.length).toBe(2);
  });
});

describe('a kid that exists twice', () => {
  const twin = { ...blue.jwk, kid: 'red' };

  test('at two hosts has both keys', async () => {
    const { find } = open({ 'one.example': toSet(red.jwk), 'two.example': toSet(twin) });
    expect([await find('red'), await find('red')]).toEqual([
      ['red', 'blue'],
      ['red', 'blue'],
    ]);
  });

  test('has both keys once the second host is reachable', async () => {
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

  test('in one set has both keys', async () => {
    const { find } = open({ 'one.example': toSet(red.jwk, twin) });
    expect(await find('red')).toEqual(['red', 'blue']);
  });
});

describe('the number of keys of a host', () => {
  test('is that of its last answer, 0 when the last fetch failed, and unknown before the first', async () => {
    const { answer, find, keySets, setTime } = open({
      'one.example': toSet(red.jwk, { ...blue.jwk, kid: 'red' }, blue.jwk),
      'two.example:8443': toSet(),
    });
    expect([...keySets.keysByHost()]).toEqual([]);
    await find('green');
    expect([...keySets.keysByHost()]).toEqual([
      ['one.example', 3],
      ['two.example:8443', 0],
    ]);
    answer('one.example', new Error('HTTP 503'));
    setTime(5 * SECOND_MS);
    await find('green');
    expect(keySets.keysByHost().get('one.example')).toBe(0);
    // The old keys verify tokens all the same.
    expect(await find('red')).toEqual(['red', 'blue']);
  });
});
