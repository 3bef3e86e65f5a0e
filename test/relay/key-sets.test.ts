import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import type { KeySets } from '../../src/relay/key-sets.ts';
import { createKeySets } from '../../src/relay/key-sets.ts';
import type { CertificateName } from '../helpers/certificates.ts';
import { caPath, readCertificate } from '../helpers/certificates.ts';
import type { FakeJwks } from '../helpers/fake-jwks.ts';
import { startFakeJwks } from '../helpers/fake-jwks.ts';
import { ask } from '../helpers/plain-http.ts';
import { createRsaSigner } from '../helpers/tokens.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

const red = createRsaSigner('red');
const blue = createRsaSigner('blue');
const weak = createRsaSigner('weak', 2040);
const nameByModulus = new Map([red, blue, weak].map(({ jwk }) => [jwk.n, jwk.kid]));

function toSet(...keys: readonly unknown[]): string {
  return JSON.stringify({ keys });
}

/** A host that answers with a key set, or fails with an error. */
type Answer = string | Error;

interface Opened {
  readonly keySets: KeySets;
  /** The URLs fetched so far. */
  readonly fetched: string[];
  /** The problems told so far. */
  readonly told: CctError[];
  /** Changes what a host answers from now on. */
  readonly answer: (host: string, answer: Answer) => void;
  /** To epoch milliseconds. */
  readonly setTime: (nowMs: number) => void;
  /** Which of the keys are found, all of them. */
  readonly find: (kid: string) => Promise<string[]>;
}

/** Key sets of hosts that answer by word, at time 0. */
function open(answers: Readonly<Record<string, Answer>>): Opened {
  const current = new Map(Object.entries(answers));
  const fetched: string[] = [];
  const told: CctError[] = [];
  let nowMs = 0;
  const keySets = createKeySets({
    hosts: Object.keys(answers),
    fetchText(url) {
      fetched.push(url.href);
      const answer = current.get(url.host) ?? new Error('No such host');
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    nowMs: () => nowMs,
    onProblem: (problem) => void told.push(problem),
  });
  return {
    keySets,
    fetched,
    told,
    answer: (host, answer) => void current.set(host, answer),
    setTime: (newNowMs) => void (nowMs = newNowMs),
    find: (kid) => findAll(keySets, kid),
  };
}

async function findAll(keySets: KeySets, kid: string): Promise<string[]> {
  const names: string[] = [];
  for await (const key of keySets.find(kid)) names.push(nameOf(key));
  return names;
}

/** What the first key is, without a look at the others. */
async function findFirst(keySets: KeySets, kid: string): Promise<KeyObject | undefined> {
  for await (const key of keySets.find(kid)) return key;
  return undefined;
}

function nameOf(key: KeyObject): string {
  return nameByModulus.get(key.export({ format: 'jwk' }).n ?? '') ?? 'unknown';
}

function messagesOf(problems: readonly CctError[]): string[] {
  return problems.map(({ code, message }) => `${code}: ${message}`);
}

const DOWN = 'unavailable: The keys of one.example cannot be fetched (HTTP 503)';

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
    const keySets = createKeySets({ hosts: ['one.example'], fetchText, nowMs: () => nowMs });
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
    const keySets = createKeySets({ hosts: ['one.example', 'ONE.example:443'], fetchText, nowMs: () => 0 });
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

describe('a host that cannot be read', () => {
  test('is asked at most once in ten seconds, whatever kids come, and told of once each time', async () => {
    const { fetched, find, keySets, setTime, told } = open({ 'one.example': new Error('HTTP 503') });
    expect([await find('red'), await find('blue'), await find('red'), fetched.length]).toEqual([[], [], [], 1]);
    setTime(10 * SECOND_MS - 1);
    expect([await find('red'), fetched.length, messagesOf(told)]).toEqual([[], 1, [DOWN]]);
    setTime(10 * SECOND_MS);
    expect([await find('red'), fetched.length, messagesOf(told)]).toEqual([[], 2, [DOWN, DOWN]]);
    expect(messagesOf(keySets.problems())).toEqual([DOWN]);
  });

  test('is a problem until it can be', async () => {
    const { answer, fetched, find, keySets, setTime, told } = open({ 'one.example': new Error('HTTP 503') });
    await find('red');
    answer('one.example', toSet(red.jwk));
    setTime(10 * SECOND_MS);
    expect([await find('red'), keySets.problems(), told.length]).toEqual([['red'], [], 1]);
    // From then on a kid that is not known has it fetched once a minute, as ever.
    setTime(70 * SECOND_MS - 1);
    expect([await find('blue'), fetched.length]).toEqual([[], 2]);
    setTime(70 * SECOND_MS);
    expect([await find('blue'), fetched.length]).toEqual([[], 3]);
  });

  test('leaves its old set in use for a day', async () => {
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

  test('does not hide the keys of another', async () => {
    const { find, keySets } = open({ 'one.example': new Error('HTTP 503'), 'two.example': toSet(red.jwk) });
    expect([await find('red'), messagesOf(keySets.problems())]).toEqual([['red'], [DOWN]]);
  });

  test('does not hold up the keys of another', async () => {
    const fetchText = ({ host }: URL) =>
      host === 'one.example' ? new Promise<string>(() => undefined) : Promise.resolve(toSet(red.jwk));
    const keySets = createKeySets({ hosts: ['one.example', 'two.example'], fetchText, nowMs: () => 0 });
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
  ])('may fail as it likes: %s', async (_, fetchText) => {
    const keySets = createKeySets({ hosts: ['one.example'], fetchText, nowMs: () => 0 });
    expect(await findAll(keySets, 'red')).toEqual([]);
    expect(messagesOf(keySets.problems())).toEqual(['unavailable: The keys of one.example cannot be fetched (odd)']);
  });
});

describe('a clock that is set back', () => {
  test('does not hold off a fetch', async () => {
    const { answer, fetched, find, setTime } = open({ 'one.example': toSet(red.jwk) });
    setTime(5 * HOUR_MS);
    await find('red');
    answer('one.example', toSet(blue.jwk));
    setTime(HOUR_MS);
    expect([await find('red'), await find('blue'), fetched.length]).toEqual([[], ['blue'], 2]);
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

describe('an answer that is no key set', () => {
  const NO_SET = 'unintelligible: The answer of one.example is not a key set';

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

  test('leaves the old set in use', async () => {
    const { answer, find, setTime, told } = open({ 'one.example': toSet(red.jwk) });
    await find('red');
    answer('one.example', '<!doctype html>');
    setTime(10 * MINUTE_MS);
    expect([await find('red'), messagesOf(told)]).toEqual([['red'], [NO_SET]]);
  });
});

describe('a member of a set', () => {
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
  ])('is ignored, and the others used: one %s', async (_, member) => {
    const { find, keySets, told } = open({ 'one.example': toSet(member, blue.jwk) });
    expect([await find('red'), await find('blue')]).toEqual([[], ['blue']]);
    expect([told, keySets.problems()]).toEqual([[], []]);
  });

  test.each([
    ['with nothing but what is needed', bare],
    ['with its purpose', { ...bare, use: 'sig', alg: 'RS256', key_ops: ['verify'] }],
    ['with more than is known', { ...bare, x5t: 'x', ext: 'x' }],
  ])('is used: one %s', async (_, member) => {
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
  ])('is told of when it is of no use, and the others are used: one %s', async (_, member) => {
    const { find, keySets, told } = open({ 'one.example': toSet(member, blue.jwk, weak.jwk) });
    expect([await find('red'), await find('blue'), await find('weak')]).toEqual([[], ['blue'], []]);
    expect(messagesOf(told)).toEqual(['unintelligible: The key set of one.example has keys that cannot be used (2)']);
    expect(keySets.problems()).toEqual([]);
  });

  test('gives its public half only', async () => {
    const { keySets } = open({ 'one.example': toSet(red.privateJwk) });
    const key = await findFirst(keySets, 'red');
    expect([key?.type, key && nameOf(key)]).toEqual(['public', 'red']);
  });
});

describe('a real host', () => {
  const ca = readFileSync(caPath, 'utf8');
  const fetchText = async (url: URL): Promise<string> => {
    const { status, body } = await ask(url.origin, url.pathname, { ca });
    if (status !== 200) throw new Error(`HTTP ${status}`);
    return body;
  };
  const start = async (certificate: CertificateName): Promise<{ readonly host: FakeJwks; readonly keySets: KeySets }> => {
    const host = await startFakeJwks({ keys: [red.jwk], tls: readCertificate(certificate) });
    onTestFinished(() => host.close());
    return { host, keySets: createKeySets({ hosts: [host.host], fetchText, nowMs: () => 0 }) };
  };

  test('is read over TLS', async () => {
    const { host, keySets } = await start('localhost');
    const found = await Promise.all([findAll(keySets, 'red'), findAll(keySets, 'blue'), findAll(keySets, 'red')]);
    expect([found, host.requests]).toEqual([[['red'], [], ['red']], ['GET /.well-known/jwks']]);
  });

  test('is not read when its certificate cannot be verified', async () => {
    const { host, keySets } = await start('self-signed');
    expect([await findAll(keySets, 'red'), host.requests]).toEqual([[], []]);
    expect(messagesOf(keySets.problems())).toEqual([
      `unavailable: The keys of ${host.host} cannot be fetched (self-signed certificate)`,
    ]);
  });
});
