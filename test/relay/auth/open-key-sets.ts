import { KeyObject } from 'node:crypto';
import type { CryptoKey } from 'jose';
import type { CctError } from '../../../src/core/errors.ts';
import type { KeySets } from '../../../src/relay/auth/key-sets.ts';
import { createKeySets } from '../../../src/relay/auth/key-sets.ts';
import { createRsaSigner } from '../../helpers/tokens.ts';

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;

/** Those whose keys the sets hold. */
export const red = createRsaSigner('red');
export const blue = createRsaSigner('blue');
const nameByModulus = new Map([red, blue].map(({ jwk }) => [jwk.n, jwk.kid]));

/** The text of a key set with these members. */
export function toSet(...keys: readonly unknown[]): string {
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
  /** The warnings told so far. */
  readonly warned: string[];
  /** Changes what a host answers from now on. */
  readonly answer: (host: string, answer: Answer) => void;
  /** Milliseconds of a monotonic clock. */
  readonly setTime: (nowMs: number) => void;
  /** Which of the keys are found, all of them. */
  readonly find: (kid: string) => Promise<string[]>;
}

/** Key sets of hosts that answer by word, at time 0. */
export function open(answers: Readonly<Record<string, Answer>>): Opened {
  const current = new Map(Object.entries(answers));
  const fetched: string[] = [];
  const told: CctError[] = [];
  const warned: string[] = [];
  let nowMs = 0;
  const keySets = createKeySets({
    hosts: Object.keys(answers),
    fetchText(url) {
      fetched.push(url.href);
      const answer = current.get(url.host) ?? new Error('No such host');
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    monotonicMs: () => nowMs,
    onProblem: (problem) => void told.push(problem),
    onWarning: (text) => void warned.push(text),
  });
  return {
    keySets,
    fetched,
    told,
    warned,
    answer: (host, answer) => void current.set(host, answer),
    setTime: (newNowMs) => void (nowMs = newNowMs),
    find: (kid) => findAll(keySets, kid),
  };
}

/** The names of all keys of this kid. */
export async function findAll(keySets: KeySets, kid: string): Promise<string[]> {
  const names: string[] = [];
  for await (const key of keySets.find(kid)) names.push(nameOf(key));
  return names;
}

/** What the first key is, without a look at the others. */
export async function findFirst(keySets: KeySets, kid: string): Promise<CryptoKey | undefined> {
  for await (const key of keySets.find(kid)) return key;
  return undefined;
}

export function nameOf(key: CryptoKey): string {
  return nameByModulus.get(KeyObject.from(key).export({ format: 'jwk' }).n ?? '') ?? 'unknown';
}

export function messagesOf(problems: readonly CctError[]): string[] {
  return problems.map(({ code, message }) => `${code}: ${message}`);
}
