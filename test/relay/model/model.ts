import type { Asking, Era, Fate, Kept } from './asking.ts';

/*
 * What the relay may say, told by a model that knows the tracker and the clock but nothing of the relay's inside. Where callers, faults
 * and jumps of the clock overlap, several fates are allowed; where a request is alone, or its answer is remembered, one is.
 */

interface Memory {
  readonly kept: readonly Kept[];
  /** Exactly the one that is kept is remembered. */
  readonly isCertain: boolean;
}

export interface ModelOptions {
  readonly ttlMs: number;
  /** An answer from so far ahead is not used. */
  readonly clockSkewMs: number;
  /** How long nothing is asked once the tracker was found down. */
  readonly tryAgainMs: number;
  /** Lookups of a key that the tracker has seen so far. */
  readonly asked: (key: string) => number;
}

const NOTHING: Memory = { kept: [], isCertain: true };

/** Makes the model at the beginning of the world. */
export function createModel(first: Era, { ttlMs, clockSkewMs, tryAgainMs, asked }: ModelOptions) {
  const eras: Era[] = [first];
  const memories = new Map<string, Memory>();
  const underWay = new Set<Asking>();
  /** When the breaker must have tried again; undefined where it cannot be open. */
  let triesAgainAtMs: number | undefined;
  /** Whether the tracker is there at all may still be asked for, with any word. */
  let mayBeProbing = false;

  const memoryOf = (key: string) => memories.get(key) ?? NOTHING;
  const now = () => eras.at(-1) ?? first;
  const erasOf = ({ bornAt }: Asking) => eras.slice(bornAt);
  const spanOf = (asking: Asking) => {
    const moments = erasOf(asking).map(({ nowMs }) => nowMs);
    return { fromMs: Math.min(...moments), untilMs: Math.max(...moments) };
  };
  const mayBeFresh = ({ fromMs, untilMs }: Kept, { nowMs }: Era) => nowMs - untilMs < ttlMs && nowMs - fromMs >= -clockSkewMs;
  const isFresh = ({ fromMs, untilMs }: Kept, { nowMs }: Era) => nowMs - fromMs < ttlMs && nowMs - untilMs >= -clockSkewMs;
  /** Answers from memory that it may have been given. */
  const possible = (asking: Asking, key: string) =>
    memoryOf(key).kept.filter((kept) => erasOf(asking).some((era) => mayBeFresh(kept, era)));
  const certain = (asking: Asking, key: string) => {
    const kept = asking.certain.get(key);
    return kept && erasOf(asking).every((era) => isFresh(kept, era)) ? kept : undefined;
  };

  const mayBreak = (atMs: number) => {
    triesAgainAtMs = Math.max(triesAgainAtMs ?? -Infinity, atMs + tryAgainMs);
    for (const asking of underWay) asking.mayMeetOpenBreaker = true;
  };

  /** It found the tracker there for certain, so that nothing was tried in vain when it ended. */
  const hasRecovered = (asking: Asking) =>
    asking.isAlone &&
    erasOf(asking).every(({ nowMs, isDown, isHeld }) => !isDown && !isHeld && nowMs >= (triesAgainAtMs ?? -Infinity));

  const lookupErasOf = ({ bornAt, askedAt }: Asking, key: string) => eras.slice(askedAt.get(key) ?? bornAt);
  const liveFates = (asking: Asking, key: string): Fate[] =>
    lookupErasOf(asking, key).map(({ isFaulty, listed }) => {
      if (isFaulty) return 'failed';
      return listed.has(key) ? 'listed' : 'unlisted';
    });

  const learn = (asking: Asking, key: string, fate: 'listed' | 'unlisted') => {
    if (certain(asking, key)) return;
    const candidates = possible(asking, key);
    const { fromMs, untilMs } = spanOf(asking);
    const fresh: Kept = { fate, fromMs, untilMs };
    const { kept, isCertain } = memoryOf(key);
    const isAsked = asked(key) > (asking.askedBefore.get(key) ?? 0);
    const isClear = asking.isAlone && fromMs === untilMs;
    // Where it lasted longer than answers do, what is remembered may be another one than it was told.
    const isShort = untilMs - fromMs < Math.min(ttlMs, clockSkewMs);
    if (candidates.length === 0 || (isClear && isAsked)) memories.set(key, { kept: [fresh], isCertain: isShort });
    else if (isClear) {
      const given = candidates.filter((candidate) => candidate.fate === fate);
      memories.set(key, { kept: given, isCertain: given.length === 1 });
    } else if (!(isCertain && kept.some((known) => known.fate === fate && isFresh(known, now())))) {
      memories.set(key, { kept: [...kept, fresh], isCertain: false });
    }
  };

  const end = (asking: Asking, foundThere: boolean) => {
    underWay.delete(asking);
    const metDown = erasOf(asking).some(({ isDown }) => isDown);
    // Lookups wait for that word.
    const hasAsked = asking.keys.some((key) => !certain(asking, key));
    if (!metDown && asking.isAlone && hasAsked) mayBeProbing = false;
    if (metDown) mayBreak(spanOf(asking).untilMs);
    else if (triesAgainAtMs !== undefined && foundThere && asking.isAlone) triesAgainAtMs = undefined;
    else if (triesAgainAtMs !== undefined) mayBreak(spanOf(asking).untilMs);
  };

  return {
    now,
    /** Requests that are neither answered nor given up. */
    get underWay(): ReadonlySet<Asking> {
      return underWay;
    },
    /** The world is another one from now on. */
    change(changes: Partial<Era>): void {
      eras.push({ ...now(), ...changes });
      if (now().isDown) mayBeProbing = true;
      if (mayBeProbing) mayBreak(now().nowMs);
    },
    /** Whether an answer needs nothing of the tracker, for certain. */
    isRemembered: (key: string) => {
      const { kept, isCertain } = memoryOf(key);
      return isCertain && kept.length === 1 && kept.every((known) => isFresh(known, now()));
    },
    begin(keys: readonly string[]): Asking {
      const remembered = keys.flatMap((key) => {
        const { kept, isCertain } = memoryOf(key);
        return isCertain && kept[0] ? [[key, kept[0]] as const] : [];
      });
      const bornAt = eras.length - 1;
      const askedAt = (key: string) => Math.min(bornAt, ...[...underWay].map((other) => other.askedAt.get(key) ?? bornAt));
      const asking: Asking = {
        keys,
        bornAt,
        askedAt: new Map(keys.map((key) => [key, askedAt(key)])),
        certain: new Map(remembered),
        askedBefore: new Map(keys.map((key) => [key, asked(key)])),
        lookedUpByOlder: new Set([...underWay].flatMap((other) => other.keys.filter((key) => !certain(other, key)))),
        cameAlone: underWay.size === 0,
        isAlone: underWay.size === 0,
        mayMeetOpenBreaker: triesAgainAtMs !== undefined,
      };
      for (const other of underWay) other.isAlone = false;
      underWay.add(asking);
      if (now().isDown) mayBreak(now().nowMs);
      return asking;
    },
    /** What the answer may say of a key. */
    allowed(asking: Asking, key: string): ReadonlySet<Fate> {
      const isInterrupted = erasOf(asking).some((era) => era.isInterrupted);
      const remembered = certain(asking, key);
      if (remembered) return new Set(isInterrupted ? [remembered.fate, 'failed'] : [remembered.fate]);
      const fates = new Set<Fate>([...possible(asking, key).map(({ fate }) => fate), ...liveFates(asking, key)]);
      if (isInterrupted || (asking.mayMeetOpenBreaker && !hasRecovered(asking))) fates.add('failed');
      return fates;
    },
    /** Keys about which the tracker was asked although they were remembered, and not for an older request. */
    askedInVain: (asking: Asking) =>
      asking.keys.filter(
        (key) => certain(asking, key) && !asking.lookedUpByOlder.has(key) && asked(key) !== asking.askedBefore.get(key),
      ),
    /** Keys that were answered although only the tracker could know, and was not asked. */
    neverAsked: (asking: Asking, fates: ReadonlyMap<string, Fate>) =>
      asking.keys.filter((key) => {
        const isUnasked = asking.isAlone && asked(key) === asking.askedBefore.get(key);
        return isUnasked && fates.get(key) !== 'failed' && possible(asking, key).length === 0;
      }),
    /** It was answered, and this was said of each key. */
    settle(asking: Asking, fates: ReadonlyMap<string, Fate>): void {
      const isAnswered = (key: string) => fates.get(key) !== undefined && fates.get(key) !== 'failed';
      const isLive = (key: string) => isAnswered(key) && possible(asking, key).length === 0;
      const foundThere = asking.keys.some(isLive);
      for (const [key, fate] of fates) if (fate !== 'failed') learn(asking, key, fate);
      end(asking, foundThere);
    },
    /** Its caller has gone; what the tracker has been asked for it may be remembered all the same. */
    leave(asking: Asking): void {
      for (const key of asking.keys) {
        const isUnasked = asking.cameAlone && asked(key) === asking.askedBefore.get(key);
        if (isUnasked || certain(asking, key) || lookupErasOf(asking, key).every(({ isHeld }) => isHeld)) continue;
        for (const fate of new Set(liveFates(asking, key))) {
          const { kept } = memoryOf(key);
          if (fate !== 'failed') memories.set(key, { kept: [...kept, { fate, ...spanOf(asking) }], isCertain: false });
        }
      }
      end(asking, false);
    },
  };
}

/** A model of one relay. */
export type RelayModel = ReturnType<typeof createModel>;
