import * as z from 'zod/mini';

const SECOND_MS = 1000;
/** A day, in milliseconds. */
export const DAY_MS = 24 * 60 * 60 * SECOND_MS;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: SECOND_MS, m: 60 * SECOND_MS, h: 60 * 60 * SECOND_MS, d: DAY_MS };

/** A schema from text to value: `parse` gives null for what it does not take, and `expected` is then the issue's message. */
function from<Value>(expected: string, parse: (text: string) => Value | null) {
  return z.pipe(
    z.string(),
    z.transform((text: string, context): Value => {
      const value = parse(text);
      if (value !== null) return value;
      context.issues.push({ code: 'custom', message: expected, input: text });
      return z.NEVER;
    }),
  );
}

/** Milliseconds of a duration such as `500ms`, `10s`, `5m`, `24h` or `7d`, or null. */
function parseDuration(text: string): number | null {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit ?? ''];
  return amount === undefined || unitMs === undefined ? null : Math.round(Number(amount) * unitMs);
}

/** From a duration with its unit to milliseconds, 1 at the least; `atMost` names the most as a user would write it. */
export const duration = (atMostMs: number, atMost: string) =>
  from(`a duration such as 500ms, 10s or 5m, from 1ms to ${atMost}`, (text) => {
    const durationMs = parseDuration(text);
    return durationMs !== null && durationMs >= 1 && durationMs <= atMostMs ? durationMs : null;
  });

/** A whole number in decimal digits; both bounds are taken. */
export const integer = (least: number, most: number) =>
  from(`a whole number from ${least} to ${most}`, (text) => {
    const value = Number(text);
    return /^\d+$/.test(text) && value >= least && value <= most ? value : null;
  });

/** A number above 0, with or without a fraction; `most` is taken. */
export const positiveNumber = (most: number) =>
  from(`a number above 0, at most ${most}`, (text) => {
    const value = Number(text);
    return /^\d+(?:\.\d+)?$/.test(text) && value > 0 && value <= most ? value : null;
  });

/** One of a few texts, with the list of them beside the schema. */
export const oneOf = <const Choice extends string>(...choices: readonly Choice[]) => ({
  choices,
  schema: from(`one of ${choices.join(', ')}`, (text) => choices.find((choice) => choice === text) ?? null),
});

/** One or more of a few texts, with commas between them. */
export const someOf = <const Choice extends string>(...choices: readonly Choice[]) => ({
  choices,
  schema: from(`${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}, with commas between several`, (text) => {
    const wanted = text.split(',').map((part) => choices.find((choice) => choice === part.trim()));
    return wanted.every((choice) => choice !== undefined) ? wanted : null;
  }),
});

/** Any text but an empty one; `what` names it. */
export const nonEmpty = (what: string) => from(what, (text) => (text === '' ? null : text));

/** A message of the tracker that no listing has. */
export const unlistedMessage = from('a text that is no listing: not "Malicious", alone or before a colon', (text) =>
  text === '' || /^Malicious(?::|$)/u.test(text) ? null : text,
);

/** What is on or off, in the words that people use for it in variables. */
export const yesOrNo = from('1, true, yes, on, 0, false, no or off', (text) => {
  if (/^(?:1|true|yes|on)$/i.test(text)) return true;
  return /^(?:0|false|no|off)$/i.test(text) ? false : null;
});

/** What may stand in a header as it is. */
export const printableAscii = from('printable ASCII text', (text) =>
  /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text) ? text : null,
);

// Longer than any real setting. The URL parser takes quadratic time for a long non-ASCII host.
const MAX_URL_LENGTH = 4096;

function parseUrl(text: string): URL | null {
  return text.length <= MAX_URL_LENGTH && URL.canParse(text) ? new URL(text) : null;
}

/** A URL that others are put behind: normalised, with a slash at its end. */
export const baseUrl = from('an http or https URL without user, password, query or fragment', (text) => {
  const url = parseUrl(text);
  // An `@` in the path is that of a password with a slash in it.
  const isBare = url?.search === '' && url.hash === '' && !text.includes('@');
  return isBare && /^https?:$/.test(url.protocol) ? url.href.replace(/\/?$/, '/') : null;
});

/** The origin that is meant by a text that is an http or https URL but no bare origin; undefined for any other text. */
export function findMeantOrigin(text: string): string | undefined {
  const url = parseUrl(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin !== text ? url.origin : undefined;
}

/** Whether a text is the URL of a proxy, which may hold a user and a password but no path, query or fragment. */
export function isProxyUrl(text: string): boolean {
  const url = parseUrl(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search + url.hash === '';
}

export const proxyUrl = from('an http or https URL of a proxy, without a path', (text) => (isProxyUrl(text) ? text : null));

/** The URL of a Redis server as its client takes it: without what that would pass over or stumble at. */
export const redisUrl = from('a redis or rediss URL, such as redis://user:password@host:6379/0', (text) => {
  const url = parseUrl(text);
  if (url === null) return null;
  const { protocol, hostname, pathname, search, hash, username, password } = url;
  const isWhole = /^rediss?:$/.test(protocol) && hostname !== '' && /^(?:\/\d{0,9})?$/.test(pathname) && search + hash === '';
  return isWhole && isDecodable(username + password) ? text : null;
});

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Where to listen: an address or a name, without a port. */
export const addressOrHostName = from('an address or a host name', (text) => (/^[a-z0-9.:_-]+$/i.test(text) ? text : null));

// Host names and ports as they stand in a URL, without anything that would change what is asked there.
const HOST_AND_PORT = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** Hosts that can be put into a URL, each with or without a port, and commas between them. */
export const hostsAndPorts = from('host names, each with or without a port, and commas between them', (text) => {
  const hosts = text.split(',').map((host) => host.trim());
  return hosts.every((host) => HOST_AND_PORT.test(host) && URL.canParse(`https://${host}/`)) ? hosts : null;
});
