import { orAborted } from '../cancellation.ts';

/**
 * The cookies of one tracker, and its `__r` challenge: the site answers 307 with a token in `Location`, expects it as a cookie, and then
 * answers the original URL. One token serves every path, so one lookup fetches it while the others wait.
 */
export interface ChallengePasser {
  /** The cookies to send now. */
  current(): Pass;
  /** Stores the cookies of an ordinary answer. */
  keep(setCookies: readonly string[]): void;
  /**
   * Answers a challenge to a request that was sent with `seen`. Resolves when the URL can be requested again, immediately if a newer pass
   * exists. Rejects if the tracker refuses.
   */
  answer(challenge: Challenge, seen: Pass, signal: AbortSignal): Promise<void>;
}

/** `generation` counts the challenges passed; `cookie` is the `Cookie` header or ''. */
export interface Pass {
  readonly cookie: string;
  readonly generation: number;
}

/** A challenge: its target URL, the token in that URL, and its cookies. */
export interface Challenge {
  readonly target: URL;
  readonly token: string;
  readonly setCookies: readonly string[];
}

const TOKEN_NAME = '__r';
// Recorded: `1.` and 32 hex digits. This is wider, but excludes whatever could break out of a Cookie header.
const TOKEN = /^[\w.-]{1,128}$/;
const MAX_COOKIES = 20;

/** The challenge's token in a redirect's target; null for an ordinary redirect. */
export function findToken(target: URL): string | null {
  const token = target.searchParams.get(TOKEN_NAME);
  return token !== null && TOKEN.test(token) ? token : null;
}

/** `visit` requests the challenge's target with the new cookies, and returns the cookies of the answer. It rejects if the tracker refuses. */
export function createChallengePasser(visit: (target: URL, cookie: string) => Promise<readonly string[]>): ChallengePasser {
  const jar = new Map<string, string>();
  let generation = 0;
  let passing: Promise<void> | undefined;

  const keep = (setCookies: readonly string[]): void => {
    for (const setCookie of setCookies) {
      const [, name = '', value = ''] = /^\s*([^=;\s]+)=([^;]*)/.exec(setCookie) ?? [];
      if (name !== '' && (jar.has(name) || jar.size < MAX_COOKIES)) jar.set(name, value.trim());
    }
  };
  const toHeader = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');

  const pass = async ({ target, token, setCookies }: Challenge): Promise<void> => {
    // The site sometimes sets the cookie and sometimes expects the client to derive it from `Location`.
    jar.set(TOKEN_NAME, token);
    keep(setCookies);
    keep(await visit(target, toHeader()));
    generation += 1;
  };

  return {
    current: () => ({ cookie: toHeader(), generation }),
    keep,
    async answer(challenge, seen, signal) {
      if (seen.generation !== generation) return;
      passing ??= pass(challenge).finally(() => {
        passing = undefined;
      });
      await orAborted(passing, signal);
    },
  };
}
