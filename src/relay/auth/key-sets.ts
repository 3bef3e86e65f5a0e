import type { CryptoKey } from 'jose';
import { CctError, toCctError } from '../../core/errors.ts';
import type { Keys } from './parse-key-set.ts';
import { parseKeySet } from './parse-key-set.ts';

// A set is used for 10 minutes, so that a withdrawn key becomes invalid, and for a day while its host is unreachable.
const FRESH_FOR_MS = 10 * 60_000;
const KEPT_FOR_MS = 24 * 60 * 60_000;
// The least time between two fetches, so that forged tokens do not cause more. Shorter after a failure: perhaps no token can be verified.
const REFETCH_GAP_MS = 60_000;
const RETRY_GAP_MS = 10_000;

export interface KeySetsOptions {
  /** The trusted hosts, each with or without a port. Their keys are at `https://HOST/.well-known/jwks`, as Threat Response has them. */
  readonly hosts: readonly string[];
  /** Resolves with the body of a 200 answer, else rejects. Must have a timeout, limit the size, and follow no redirect. */
  readonly fetchText: (url: URL) => Promise<string>;
  /** A monotonic clock. */
  readonly monotonicMs: () => number;
  /** Called for each failed fetch, and for each set with unusable keys. Must not throw. */
  readonly onProblem?: ((problem: CctError) => void) | undefined;
}

/** The RSA keys of the trusted hosts. */
export interface KeySets {
  /** The keys of this `kid` on all hosts, as a token does not name its host. Fetches if no cached key was enough. Never throws. */
  find(kid: string): AsyncIterable<CryptoKey>;
  /** Why the last fetch of a host failed (`unavailable` or `unintelligible`), in the order of hosts. */
  problems(): readonly CctError[];
}

/** Opens the key sets of some hosts; fetches nothing yet. Throws a TypeError for an invalid host. */
export function createKeySets({ hosts, ...options }: KeySetsOptions): KeySets {
  const urls = new Set(hosts.map((host) => new URL(`https://${host}/.well-known/jwks`).href));
  const keySets = [...urls].map((url) => createKeySet(new URL(url), options));
  return {
    async *find(kid) {
      const others: typeof keySets = [];
      for (const keySet of keySets) {
        const keys = keySet.findFresh(kid);
        if (keys.length === 0) others.push(keySet);
        yield* keys;
      }
      // In order of arrival, so that a slow host does not delay the keys of another.
      const fetches = new Map(others.map((from) => [from, from.fetch(kid).then((keys) => ({ from, keys }))]));
      while (fetches.size > 0) {
        const { from, keys } = await Promise.race(fetches.values());
        fetches.delete(from);
        yield* keys;
      }
    },
    problems: () => keySets.flatMap(({ problem }) => problem ?? []),
  };
}

function createKeySet(url: URL, { fetchText, monotonicMs, onProblem }: Omit<KeySetsOptions, 'hosts'>) {
  let keys: Keys = new Map();
  let readAtMs = -Infinity;
  let triedAtMs = -Infinity;
  let problem: CctError | undefined;
  let pending: Promise<void> | undefined;

  const findWithin = (maxAgeMs: number, kid: string) => (monotonicMs() - readAtMs < maxAgeMs ? (keys.get(kid) ?? []) : []);

  const read = async (): Promise<void> => {
    triedAtMs = monotonicMs();
    try {
      const set = await parseKeySet(url.host, await fetchOrExplain(url, fetchText));
      keys = set.keys;
      readAtMs = triedAtMs;
      problem = undefined;
      if (set.unusable) onProblem?.(set.unusable);
    } catch (thrown) {
      problem = toCctError(thrown);
      onProblem?.(problem);
    }
  };

  return {
    findFresh: (kid: string) => findWithin(FRESH_FOR_MS, kid),
    /** Fetches the set unless it was tried too recently, and returns its keys of this `kid`. Never rejects. */
    async fetch(kid: string): Promise<readonly CryptoKey[]> {
      const isAllowed = monotonicMs() - triedAtMs >= (problem ? RETRY_GAP_MS : REFETCH_GAP_MS);
      if (pending || isAllowed) await (pending ??= read().finally(() => (pending = undefined)));
      return findWithin(KEPT_FOR_MS, kid);
    },
    get problem() {
      return problem;
    },
  };
}

async function fetchOrExplain(url: URL, fetchText: KeySetsOptions['fetchText']): Promise<string> {
  try {
    return await fetchText(url);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CctError('unavailable', `Cannot fetch the keys of ${url.host} (${reason})`, { cause });
  }
}
