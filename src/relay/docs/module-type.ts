import * as z from 'zod/mini';
import { describeRefused, findMeantOrigin, PUBLIC_API_URL } from '../../config.ts';
import { CctError } from '../../core/errors.ts';
import type { EndpointId } from './endpoints.ts';
import { endpoints } from './endpoints.ts';

const text = z.string().check(z.minLength(1));

const productCategorySchema = z.strictObject({
  id: z.enum([
    'siem',
    'threat-intel',
    'email-security',
    'ndr',
    'rf-security',
    'cloud-firewall',
    'itsm',
    'edr',
    'cloud-security',
    'firewall',
  ]),
  description: text,
});

const capabilitySchema = z.strictObject({
  id: z.enum(['health', 'deliberate', 'observe', 'refer', 'respond', 'tiles']),
  description: text,
});

const configurationFieldSchema = z.strictObject({
  key: text,
  type: z.enum(['string', 'password', 'api_key', 'integer', 'boolean', 'options', 'file', 'device', 'remote']),
  label: text,
  required: z.optional(z.boolean()),
  tooltip: z.optional(z.string()),
  default_value: z.optional(z.union([z.string(), z.number(), z.boolean()])),
  subtype: z.optional(z.string()),
  group: z.optional(z.string()),
  options: z.optional(z.array(z.strictObject({ value: z.string(), label: text }))),
});

/** A module type as Threat Response takes it: what an integration is called, what it can do and how it is reached. Closed. */
export const moduleTypeSchema = z.strictObject({
  title: text,
  default_name: text,
  short_description: z.optional(text),
  description: z.optional(text),
  tips: z.optional(z.string()),
  logo: z.optional(z.string()),
  logo_dark: z.optional(z.string()),
  flags: z.optional(z.array(z.string())),
  enabled: z.optional(z.boolean()),
  max_nb_instances: z.optional(z.int().check(z.minimum(1))),
  app_link: z.optional(text),
  product_categories: z.optional(z.array(productCategorySchema)),
  capabilities: z.optional(z.array(capabilitySchema)),
  configuration_spec: z.optional(z.array(configurationFieldSchema)),
  external_references: z.optional(z.array(z.strictObject({ label: text, link: text }))),
  properties: z.optional(z.record(z.string(), z.json())),
});

export type ModuleType = z.infer<typeof moduleTypeSchema>;

/** How the relay is told who calls: not at all, by a pasted token, or by a token that the platform makes. */
export type ModuleAuth = 'none' | 'bearer' | 'hs256' | 'rs256';

export interface ModuleTypeOptions {
  /** Where Threat Response reaches the relay: https, with or without a path. A slash at its end is cut. */
  readonly url: string;
  readonly auth: ModuleAuth;
  /** What the platform's tokens are to name as their audience (`hs256`, `rs256`). Default: the origin of `url`. */
  readonly audience?: string | undefined;
  /** `rs256`: the host whose keys sign the tokens, with its port where that is not 443. */
  readonly jwksHost?: string | undefined;
  /** `hs256`: the secret that the platform signs tokens with. Default: `SECRET_PLACEHOLDER`. */
  readonly secret?: string | undefined;
}

/** Stands in for the operator's secret, which must not reach a terminal. Not fit to sign with. */
export const SECRET_PLACEHOLDER = 'REPLACE-WITH-A-LONG-RANDOM-SECRET';

// A drawing of our own.
const LOGO_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="12" fill="#16324f"/>' +
  '<circle cx="32" cy="32" r="17" fill="none" stroke="#fff" stroke-width="5"/><circle cx="32" cy="32" r="6" fill="#e5484d"/>' +
  '<path d="M32 6v13M32 45v13M6 32h13M45 32h13" stroke="#fff" stroke-width="5"/></svg>';

const TIPS =
  'An IPv4 address or URL that CyberCrime Tracker lists is Malicious, with confidence Low. ' +
  'The tracker has added almost no entries since 2022: many listed hosts have been cleaned, and an address may be shared by many sites. ' +
  'Check the reason of the Judgement and a second source before you block. No result means only that the tracker does not list it.';

const DESCRIPTION_BY_CAPABILITY = {
  health: 'Reports whether the tracker is reachable.',
  deliberate: 'Returns a Verdict for each listed IP, URL and (snapshot only) domain.',
  observe: 'Returns a Verdict and a Judgement for each listed IP, URL and (snapshot only) domain.',
  refer: "Links each IP, URL and (snapshot only) domain to the tracker's own search.",
} as const satisfies Partial<Record<EndpointId, string>>;

/**
 * The JSON that registers a relay (`POST /iroh/iroh-int/module-type`). Only `hs256` holds `secret`, or its placeholder.
 * Throws `usage` when the URL cannot be one of a relay, when the audience is a URL with a path, and when `rs256` lacks its host.
 */
export function toModuleType({ url, auth, audience, jwksHost, secret }: ModuleTypeOptions): ModuleType {
  const relay = parseRelayUrl(url);
  const capabilities = Object.entries(DESCRIPTION_BY_CAPABILITY).map(([id, description]) => ({ id, description }));
  return z.parse(moduleTypeSchema, {
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
    capabilities,
    configuration_spec: [],
    external_references: [{ label: 'CyberCrime Tracker', link: PUBLIC_API_URL }],
    properties: {
      url: relay.origin + relay.pathname.replace(/\/+$/, ''),
      'supported-apis': toSupportedApis(),
      ...toAuthProperties(auth, { audience: parseAudience(audience) ?? relay.origin, jwksHost, secret }),
    },
  });
}

/** The paths that the platform may call, without the leading slash, which is how it names them. */
function toSupportedApis(): string[] {
  return endpoints.filter(({ id }) => Object.hasOwn(DESCRIPTION_BY_CAPABILITY, id)).map(({ path }) => path.slice(1));
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

/** The audience as given: `serve` refuses a URL with a path, and so would never match it. */
function parseAudience(given: string | undefined): string | undefined {
  const origin = given === undefined ? undefined : findMeantOrigin(given);
  if (origin === undefined) return given;
  throw new CctError('usage', `--audience: expected an origin without path or slash at its end: use ${origin}`);
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
