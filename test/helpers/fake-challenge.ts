import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { recordedHeaders } from './fake-pages.ts';

/** `on`: its cookie opens every page. `never-ends`: it accepts no cookie. `then-403`, `then-503`: that status follows it. */
export type ChallengeMode = 'off' | 'on' | 'never-ends' | 'then-403' | 'then-503';

/** Where the cookie is: `location` sends no `Set-Cookie`, `set-cookie` sends a useless token in `Location`, `both` is in both. */
export type ChallengeCookie = 'set-cookie' | 'location' | 'both';

/** The `__r` challenge in front of every page of one server. */
export interface ChallengeGate {
  /** How often the challenge was sent, with repetitions. */
  readonly issued: number;
  /** Whether the request may go on; else it is answered. */
  admits(request: IncomingMessage, response: ServerResponse, origin: string): boolean;
  /** Replaces the token. */
  rotateToken(): void;
}

/** Reads the settings for each request. */
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

/** The request-target without the token of the challenge. */
function withoutToken(target: string): string {
  return target.replace(/[?&]__r=[^&]*$/, '');
}

function cookiesOf({ headers }: IncomingMessage): readonly string[] {
  return (headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
}
