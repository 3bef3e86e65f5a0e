import type { KeyObject } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import * as z from 'zod/mini';
import { toAmount } from '../../core/amount.ts';
import { CctError, toCctError } from '../../core/errors.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
/** A set is used for so long before it is fetched again: after that a key that was withdrawn is no longer good. */
const FRESH_FOR_MS = 10 * MINUTE_MS;
/** So long an old set stays in use while its host cannot be read. */
const KEPT_FOR_MS = 24 * 60 * MINUTE_MS;
/** The least time between two fetches from one host when the first one brought a set: tokens from anybody must not cause more. */
const REFETCH_GAP_MS = MINUTE_MS;
/** The same when it failed, for then perhaps no good token can be told from a bad one. */
const RETRY_GAP_MS = 10 * SECOND_MS;
/** The shortest RSA key that RS256 may be used with (RFC 7518, section 3.3). */
const LEAST_RSA_BITS = 2048;

/** Where key sets come from, and how. */
export interface KeySetsOptions {
  /**
   * The hosts whose keys are trusted, each with or without a port: the only places that are ever asked. The keys are at
   * `https://HOST/.well-known/jwks`, which is where Threat Response has them.
   */
  readonly hosts: readonly string[];
  /**
   * The body of a 200 answer; rejects with any error otherwise. It has to end by itself, limit the size, verify the
   * certificate and follow no redirect. What it fetches serves all who wait, so no single request may end it.
   */
  readonly fetchText: (url: URL) => Promise<string>;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  /**
   * Told once of each fetch that failed, and of each that brought keys which should be of use and are not. Must not throw.
   * Nobody by default.
   */
  readonly onProblem?: ((problem: CctError) => void) | undefined;
}

/** The RSA keys of the trusted hosts, kept as long as they are fresh. */
export interface KeySets {
  /**
   * The keys of this `kid`, one after the other. A token does not say which host signed it, so all hosts are looked through.
   * Two that have the same `kid` both give their key, and either may verify: the caller goes on until one does. Fetches
   * only when what is at hand was not enough. Never throws.
   */
  find(kid: string): AsyncIterable<KeyObject>;
  /** Why hosts could not be read when they were last asked: `unavailable` or `unintelligible`. In the order of hosts. */
  problems(): readonly CctError[];
}

/** Opens the key sets of some hosts. Nothing is fetched before the first `find`. Throws a TypeError when a host is none. */
export function createKeySets({ hosts, fetchText, nowMs, onProblem }: KeySetsOptions): KeySets {
  const urls = new Set(hosts.map((host) => new URL(`https://${host}/.well-known/jwks`).href));
  const keySets = [...urls].map((url) => createKeySet({ url: new URL(url), fetchText, nowMs, onProblem }));
  return {
    async *find(kid) {
      const others: KeySet[] = [];
      for (const keySet of keySets) {
        const keys = keySet.keysAtHand(kid);
        if (keys.length === 0) others.push(keySet);
        yield* keys;
      }
      yield* asTheyCome(others.map((keySet) => keySet.fetchKeys(kid)));
    },
    problems: () => keySets.flatMap(({ problem }) => (problem === undefined ? [] : [problem])),
  };
}

/** Items as soon as they are there, so that one host that is slow or down does not hold up the keys of another. */
async function* asTheyCome<Item>(lists: readonly Promise<readonly Item[]>[]): AsyncGenerator<Item> {
  const waiting = new Map(lists.map((list, at) => [at, list.then((items) => ({ at, items }))]));
  while (waiting.size > 0) {
    const { at, items } = await Promise.race(waiting.values());
    waiting.delete(at);
    yield* items;
  }
}

type Keys = ReadonlyMap<string, readonly KeyObject[]>;

interface KeySetOptions extends Omit<KeySetsOptions, 'hosts'> {
  readonly url: URL;
}

/** The set of one host. */
interface KeySet {
  /** The keys of a `kid` in a set that is fresh. */
  keysAtHand(kid: string): readonly KeyObject[];
  /** The keys of a `kid` that was not at hand, after a fetch if one is allowed so soon. Never rejects. */
  fetchKeys(kid: string): Promise<readonly KeyObject[]>;
  /** Why the latest fetch failed, if it did. */
  readonly problem: CctError | undefined;
}

function createKeySet({ url, fetchText, nowMs, onProblem }: KeySetOptions): KeySet {
  let keys: Keys = new Map();
  let readAtMs = -Infinity;
  let triedAtMs = -Infinity;
  let problem: CctError | undefined;
  let pending: Promise<void> | undefined;

  // The clock on the wall may be set back; a moment that is still to come must not hold off a fetch.
  const isWithin = (limitMs: number, sinceMs: number) => nowMs() >= sinceMs && nowMs() - sinceMs < limitMs;
  const isFresh = () => isWithin(FRESH_FOR_MS, readAtMs);
  const mayFetch = () => !isWithin(problem ? RETRY_GAP_MS : REFETCH_GAP_MS, triedAtMs);
  const keysOf = (kid: string) => (nowMs() - readAtMs < KEPT_FOR_MS ? (keys.get(kid) ?? []) : []);

  const read = async (): Promise<void> => {
    triedAtMs = nowMs();
    let unusable: CctError | undefined;
    try {
      ({ keys, unusable } = parseKeySet(url.host, await fetchOrTellWhy(url, fetchText)));
      readAtMs = triedAtMs;
      problem = undefined;
    } catch (thrown) {
      problem = toCctError(thrown);
    }
    const told = problem ?? unusable;
    if (told !== undefined) onProblem?.(told);
  };
  const readOnce = (): Promise<void> => (pending ??= read().finally(() => (pending = undefined)));

  return {
    keysAtHand: (kid) => (isFresh() ? keysOf(kid) : []),
    async fetchKeys(kid) {
      if (pending !== undefined || mayFetch()) await readOnce();
      return keysOf(kid);
    },
    get problem() {
      return problem;
    },
  };
}

async function fetchOrTellWhy(url: URL, fetchText: KeySetsOptions['fetchText']): Promise<string> {
  try {
    return await fetchText(url);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CctError('unavailable', `Cannot fetch the keys of ${url.host} (${reason})`, { cause });
  }
}

const keySetSchema = z.object({ keys: z.array(z.unknown()) });

// RFC 7517, sections 4 and 5: keys that are not understood, or are for something else, are to be ignored.
const signingKeySchema = z.object({
  kid: z.string(),
  kty: z.literal('RSA'),
  use: z.optional(z.literal('sig')),
  alg: z.optional(z.literal('RS256')),
  key_ops: z.optional(z.array(z.string()).check(z.refine((operations) => operations.includes('verify')))),
});
const rsaSchema = z.object({ kty: z.literal('RSA'), n: z.string(), e: z.string() });

/** The keys of a set by `kid`, and what to say of those that are of no use though they should be. Throws `unintelligible`. */
function parseKeySet(host: string, text: string): { readonly keys: Keys; readonly unusable: CctError | undefined } {
  const keys = new Map<string, KeyObject[]>();
  const faults: unknown[] = [];
  for (const jwk of parseMembers(host, text)) {
    const member = signingKeySchema.safeParse(jwk);
    if (!member.success) continue;
    try {
      keys.set(member.data.kid, [...(keys.get(member.data.kid) ?? []), toPublicKey(jwk)]);
    } catch (thrown) {
      faults.push(thrown);
    }
  }
  const message = `The key set of ${host} contains ${toAmount(faults.length, 'unusable key')}`;
  return { keys, unusable: faults.length === 0 ? undefined : new CctError('unintelligible', message, { cause: faults[0] }) };
}

function parseMembers(host: string, text: string): readonly unknown[] {
  try {
    return z.parse(keySetSchema, JSON.parse(text)).keys;
  } catch (cause) {
    throw new CctError('unintelligible', `The answer from ${host} is not a key set`, { cause });
  }
}

/** Takes what is public of a key and nothing else, so that it is never good for more than checking. */
function toPublicKey(jwk: unknown): KeyObject {
  const { kty, n, e } = z.parse(rsaSchema, jwk);
  const key = createPublicKey({ key: { kty, n, e }, format: 'jwk' });
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < LEAST_RSA_BITS) throw new Error(`An RSA key has ${bits} bits, fewer than ${LEAST_RSA_BITS}`);
  return key;
}
