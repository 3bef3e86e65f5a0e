import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { recordedHeaders } from './fake-pages.ts';

/**
 * `on`: passed once, it lets everything through. `never-ends`: it takes no cookie. `then-403`, `then-503`: it is passed, and
 * that is what follows.
 */
export type ChallengeMode = 'off' | 'on' | 'never-ends' | 'then-403' | 'then-503';

/**
 * Where the client can learn the cookie: `location` sends no `Set-Cookie`; `set-cookie` puts a token into `Location` that is
 * worth nothing as a cookie; `both` says the same in both places.
 */
export type ChallengeCookie = 'set-cookie' | 'location' | 'both';

/** The `__r` challenge in front of every page of one server. */
export interface ChallengeGate {
  /** How often the challenge was put, a repetition included. */
  readonly issued: number;
  /** Whether the request may go on; when not, it is answered. */
  admits(request: IncomingMessage, response: ServerResponse, origin: string): boolean;
  /** Refuses from now on the token that was good until now. */
  rotateToken(): void;
}

/** The settings are read anew for every request. */
export function createChallengeGate(settings: {
  readonly challenge: ChallengeMode;
  readonly challengeCookie: ChallengeCookie;
}): ChallengeGate {
  let inLocation = createToken();
  let inSetCookie = createToken();
  let issued = 0;

  return {
    get issued() {
      return issued;
    },
    rotateToken() {
      inLocation = createToken();
      inSetCookie = createToken();
    },
    admits(request, response, origin) {
      const { challenge, challengeCookie } = settings;
      if (challenge === 'off') return true;
      const target = request.url ?? '/';
      const bare = withoutToken(target);
      const good = challengeCookie === 'set-cookie' ? inSetCookie : inLocation;
      if (challenge !== 'never-ends' && cookiesOf(request).includes(`__r=${good}`)) {
        if (target === bare) return true;
        response.writeHead(302, { ...recordedHeaders, Location: origin + bare });
      } else {
        issued += 1;
        response.writeHead(307, {
          ...recordedHeaders,
          Location: `${origin}${bare}${bare.includes('?') ? '&' : '?'}__r=${inLocation}`,
          ...(challengeCookie === 'location' ? {} : { 'Set-Cookie': `__r=${good}; Path=/; HttpOnly` }),
        });
      }
      response.end();
      return false;
    },
  };
}

function createToken(): string {
  return `1.${randomBytes(16).toString('hex')}`;
}

/** The request-target as it was before the challenge added to it. */
function withoutToken(target: string): string {
  return target.replace(/[?&]__r=[^&]*$/, '');
}

function cookiesOf({ headers }: IncomingMessage): readonly string[] {
  return (headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
}
