import { describeRefused, findMeantOrigin, PUBLIC_API_URL } from '../../config.ts';
import { CctError } from '../../core/errors.ts';
import type { EndpointId } from '../endpoints.ts';
import { endpoints } from '../endpoints.ts';

/** A module type of Threat Response: the name, capabilities and URL of an integration. */
export interface ModuleType {
  readonly tips: string;
  readonly logo: string;
  readonly capabilities: readonly { readonly id: string; readonly description: string }[];
  readonly properties: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** How the platform authenticates to the relay: not at all, with a pasted token, or with a token that it signs. */
export type ModuleAuth = 'none' | 'bearer' | 'hs256' | 'rs256';

export interface ModuleTypeOptions {
  /** The https URL under which Threat Response reaches the relay, with or without a path. */
  readonly url: string;
  readonly auth: ModuleAuth;
  /** The audience of the platform's tokens (`hs256`, `rs256`). Default: the origin of `url`. */
  readonly audience?: string | undefined;
  /** `rs256`: the host whose keys sign the tokens, with its port unless that is 443. */
  readonly jwksHost?: string | undefined;
  /** `hs256`: the secret that signs the tokens. Default: `SECRET_PLACEHOLDER`. */
  readonly secret?: string | undefined;
}

/** Placeholder for the operator's secret, which must not be shown on a terminal. Relays refuse it. */
export const SECRET_PLACEHOLDER = 'REPLACE-WITH-A-LONG-RANDOM-SECRET';

const LOGO_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="12" fill="#16324f"/>' +
  '<circle cx="32" cy="32" r="17" fill="none" stroke="#fff" stroke-width="5"/><circle cx="32" cy="32" r="6" fill="#e5484d"/>' +
  '<path d="M32 6v13M32 45v13M6 32h13M45 32h13" stroke="#fff" stroke-width="5"/></svg>';

const TIPS =
  'An IPv4 address or URL that CyberCrime Tracker lists is Malicious, with confidence Low. ' +
  'The tracker has added almost no entries since 2022: many listed hosts have been cleaned, and an address may be shared by many sites. ' +
  'Check the reason of the Judgement and a second source before you block. No result means only that the tracker does not list it.';

/** The description of each endpoint that is a capability; null for the others. */
const CAPABILITIES: Readonly<Record<EndpointId, string | null>> = {
  health: 'Reports whether the tracker is reachable.',
  deliberate: 'Returns a Verdict for each listed IP, URL and (snapshot only) domain.',
  observe: 'Returns a Verdict and a Judgement for each listed IP, URL and (snapshot only) domain.',
  refer: "Links each IP, URL and (snapshot only) domain to the tracker's own search.",
  version: null,
  watchdog: null,
  landing: null,
  openapi: null,
  metrics: null,
};

/**
 * The JSON that registers a relay (`POST /iroh/iroh-int/module-type`). Only `hs256` contains `secret` or its placeholder. Throws `usage` for
 * an invalid URL or key host, and for an audience that is a URL with a path.
 */
export function toModuleType({ url, auth, audience, jwksHost, secret }: ModuleTypeOptions): ModuleType {
  const relay = parseRelayUrl(url);
  return {
    title: 'CyberCrime Tracker',
    default_name: 'CyberCrime Tracker',
    short_description: 'Finds IPs and URLs that CyberCrime Tracker lists as malware control panels.',
    description:
      'Looks up IPv4 addresses, URLs and (snapshot only) domains in CyberCrime Tracker, a public list of malware control panels. ' +
      'Listed observables are returned as malicious, with the malware family if the list names one. ' +
      'Other observable types are ignored, and private addresses are never sent to the tracker.',
    tips: TIPS,
    logo: `data:image/svg+xml;base64,${btoa(LOGO_SVG)}`,
    product_categories: [{ id: 'threat-intel', description: 'Threat intelligence' }],
    capabilities: Object.entries(CAPABILITIES).flatMap(([id, description]) =>
      description === null ? [] : [{ id, description }],
    ),
    configuration_spec: [],
    external_references: [{ label: 'CyberCrime Tracker', link: PUBLIC_API_URL }],
    properties: {
      url: relay.origin + relay.pathname.replace(/\/+$/, ''),
      // Without the leading slash, as the platform names them.
      'supported-apis': endpoints.filter(({ id }) => CAPABILITIES[id] !== null).map(({ path }) => path.slice(1)),
      ...toAuthProperties(auth, { audience: parseAudience(audience) ?? relay.origin, jwksHost, secret }),
    },
  };
}

interface AuthOptions extends Pick<ModuleTypeOptions, 'jwksHost' | 'secret'> {
  readonly audience: string;
}

function toAuthProperties(
  auth: ModuleAuth,
  { audience, jwksHost, secret = SECRET_PLACEHOLDER }: AuthOptions,
): Record<string, string> {
  if (auth === 'none') return {};
  if (auth === 'bearer') return { 'auth-type': 'bearer' };
  const alg = auth === 'hs256' ? 'HS256' : 'RS256';
  return {
    'auth-type': 'configuration-token',
    'configuration-token-alg': alg,
    ...(auth === 'hs256' ? { 'configuration-token-key': secret } : {}),
    'configuration-token-audience': audience,
    ...(auth === 'rs256' ? { custom_jwks_host: parseJwksHost(jwksHost) } : {}),
  };
}

function parseRelayUrl(given: string): URL {
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url?.protocol !== 'https:') throw toUrlRefusal('an https URL', given);
  if (given.includes('@')) throw toUrlRefusal('a URL without user and password', given);
  if (url.search !== '' || url.hash !== '') throw toUrlRefusal('a URL without query and fragment', given);
  return url;
}

/** The audience as given; `serve` refuses a URL with a path. */
function parseAudience(given: string | undefined): string | undefined {
  const origin = given === undefined ? undefined : findMeantOrigin(given);
  if (origin === undefined) return given;
  throw new CctError('usage', `--audience: expected an origin without a path or trailing slash: use ${origin}`);
}

function toUrlRefusal(expected: string, given: string): CctError {
  return new CctError('usage', `--url: expected ${expected}${describeRefused(given)}`);
}

function parseJwksHost(given: string | undefined): string {
  if (given === undefined) {
    throw new CctError(
      'usage',
      '--auth rs256 requires --jwks-host: the host whose keys sign the tokens, e.g. visibility.amp.cisco.com',
    );
  }
  const isHost = URL.canParse(`https://${given}/`) && new URL(`https://${given}/`).host === given.toLowerCase();
  if (!isHost) throw new CctError('usage', `--jwks-host: expected a host name${describeRefused(given)}`);
  return given;
}
