import { orAborted } from '../cancellation.ts';

/**
 * The cookies of one tracker and the passing of its `__r` challenge: the site answers 307 with a token in `Location`, wants to
 * see it back as a cookie, and then answers the URL that was asked first. One token serves every path, so one lookup fetches
 * it while the others wait.
 */
export interface ChallengePasser {
  /** What to send now, and the age of what is sent. */
  current(): Pass;
  /** Keeps the cookies of an ordinary answer. */
  keep(setCookies: readonly string[]): void;
  /**
   * Answers a challenge that came to a request made with `seen`. Resolves when the asked URL may be tried again; rejects when
   * the tracker refuses. When a newer pass is there already, or being fetched, it is shared.
   */
  answer(challenge: Challenge, seen: Pass, signal: AbortSignal): Promise<void>;
}

/** `generation` counts the challenges passed; `cookie` is the `Cookie` header, '' for none. */
export interface Pass {
  readonly cookie: string;
  readonly generation: number;
}

/** A challenge as received: where it leads, the token in that URL, and the cookies that came along. */
export interface Challenge {
  readonly target: URL;
  readonly token: string;
  readonly setCookies: readonly string[];
}

const TOKEN_NAME = '__r';
// Recorded: `1.` and 32 hex digits. Wider, but never what could break out of a Cookie header.
const TOKEN = /^[\w.-]{1,128}$/;
const MAX_COOKIES = 20;

/** The challenge's token in a redirect's target, or null when the redirect is an ordinary one. */
export function tokenOf(target: URL): string | null {
  const token = target.searchParams.get(TOKEN_NAME);
  return token !== null && TOKEN.test(token) ? token : null;
}

/** `visit` makes the second hop: it asks the challenge's target with the new cookies, and rejects when that is refused. */
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
    // Seen both ways in the wild: the cookie set by the answer, and left to the client to make from `Location`.
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
