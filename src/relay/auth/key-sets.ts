import type { CryptoKey } from 'jose';
import { DAY_MS } from '../../core/day.ts';
import { CctError, toCctError } from '../../core/errors.ts';
import type { Keys, ParsedKeySet } from './parse-key-set.ts';
import { parseKeySet } from './parse-key-set.ts';

// A set is used for 10 minutes, so that a withdrawn key becomes invalid, and for a day while its host is unreachable.
const FRESH_FOR_MS = 10 * 60_000;
const KEPT_FOR_MS = DAY_MS;
// The minimum time between fetches: tokens with a new key wait no longer, and forged tokens cause at most 12 fetches a minute.
const REFETCH_GAP_MS = 5_000;
// Longer after a failure, as a fetch takes up to 5 s.
const RETRY_GAP_MS = 10_000;

export interface KeySetsOptions {
  /** The trusted hosts, each with or without a port. Their keys are at `https://HOST/.well-known/jwks`, as in Threat Response. */
  readonly hosts: readonly string[];
  /** Resolves to the body of a 200 answer, else rejects. Must have a timeout, limit the size, and not follow redirects. */
  readonly fetchText: (url: URL) => Promise<string>;
  /** A monotonic clock. */
  readonly monotonicMs: () => number;
  /** Called for each failed fetch, and once for a set with unusable keys until the set changes. Must not throw. */
  readonly onProblem?: ((problem: CctError) => void) | undefined;
  /** Called once for a set without keys for RS256 until the set changes. Must not throw. */
  readonly onWarning?: ((text: string) => void) | undefined;
}

/** The RSA keys of the trusted hosts. */
export interface KeySets {
  /** Yields the keys with this `kid` from all hosts, since a token does not name its host. Fetches if no cached key sufficed. Never throws. */
  find(kid: string): AsyncIterable<CryptoKey>;
  /** Why the last fetch of a host failed (`unavailable` or `unintelligible`), in the order of hosts. */
  problems(): readonly CctError[];
  /** The number of usable keys that the last fetch from each host returned, 0 if it failed. Omits hosts that were not fetched yet. */
  keysByHost(): ReadonlyMap<string, number>;
}

/** Opens the key sets of some hosts without fetching them. Throws a TypeError for an invalid host. */
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
      // In order of arrival, so that a slow host does not delay the keys of others.
      const fetches = new Map(others.map((from) => [from, from.fetch(kid).then((keys) => ({ from, keys }))]));
      while (fetches.size > 0) {
        const { from, keys } = await Promise.race(fetches.values());
        fetches.delete(from);
        yield* keys;
      }
    },
    problems: () => keySets.flatMap(({ problem }) => problem ?? []),
    keysByHost: () => new Map(keySets.flatMap(({ host, keyCount }) => (keyCount === undefined ? [] : [[host, keyCount]]))),
  };
}

function createKeySet(url: URL, { fetchText, monotonicMs, onProblem, onWarning }: Omit<KeySetsOptions, 'hosts'>) {
  let keys: Keys = new Map();
  let readAtMs = -Infinity;
  let triedAtMs = -Infinity;
  let problem: CctError | undefined;
  let keyCount: number | undefined;
  let pending: Promise<void> | undefined;
  let reported: string | undefined;

  const report = ({ unusable, warning }: ParsedKeySet): void => {
    const text = unusable?.message ?? warning;
    if (text === reported) return;
    reported = text;
    if (unusable) onProblem?.(unusable);
    else if (warning !== undefined) onWarning?.(warning);
  };

  const findWithin = (maxAgeMs: number, kid: string) => (monotonicMs() - readAtMs < maxAgeMs ? (keys.get(kid) ?? []) : []);

  const read = async (): Promise<void> => {
    triedAtMs = monotonicMs();
    try {
      const set = await parseKeySet(url.host, await fetchOrExplain(url, fetchText));
      keys = set.keys;
      keyCount = [...keys.values()].flat().length;
      readAtMs = triedAtMs;
      problem = undefined;
      report(set);
    } catch (thrown) {
      problem = toCctError(thrown);
      keyCount = 0;
      onProblem?.(problem);
    }
  };

  return {
    findFresh: (kid: string) => findWithin(FRESH_FOR_MS, kid),
    /** Fetches the set, unless it was tried too recently, and returns its keys with this `kid`. Never rejects. */
    async fetch(kid: string): Promise<readonly CryptoKey[]> {
      const isAllowed = monotonicMs() - triedAtMs >= (problem ? RETRY_GAP_MS : REFETCH_GAP_MS);
      if (pending || isAllowed) await (pending ??= read().finally(() => (pending = undefined)));
      return findWithin(KEPT_FOR_MS, kid);
    },
    host: url.host,
    get keyCount() {
      return keyCount;
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
