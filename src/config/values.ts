import { parseAddressRange } from '../core/observables/address-ranges.ts';
import { isDay } from '../core/day.ts';
import { decodePercent } from '../core/observables/percent.ts';
import type { RowPath } from '../core/ledger/row-paths.ts';
import { isRowPath, rowPaths, suggestRowPaths } from '../core/ledger/row-paths.ts';
import { cut } from '../core/safe-text.ts';

/** Parses text to a value; null if it is invalid. `expected` describes valid texts. */
export interface ValueType<Value> {
  readonly expected: string;
  readonly parse: (text: string) => Value | null;
  /** The valid texts, if they are few. Help and completions list them. */
  readonly choices?: readonly string[];
  /** Suggests what an invalid text may mean, as the end of a message. */
  readonly hint?: (text: string) => string;
}

function valueType<Value>(expected: string, parse: (text: string) => Value | null): ValueType<Value> {
  return { expected, parse };
}

/** Any text that matches a pattern. */
export const matching = (expected: string, pattern: RegExp) => valueType(expected, (text) => (pattern.test(text) ? text : null));

/** Any non-empty text; `what` names it. */
export const nonEmpty = (what: string) => matching(what, /^[^]/);

const UNITS = [
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
] as const;

function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const [, unitMs = NaN] = UNITS.find(([name]) => name === unit) ?? [];
  return Math.round(Number(amount) * unitMs);
}

/** A day as `YYYY-MM-DD`, or an age in days or years, such as `90d` or `5y`. */
export const dayOrAge = valueType('a date such as 2020-01-01, or an age such as 90d or 5y', (text) =>
  /^(?:\d{1,5}d|\d{1,3}y)$/.test(text) || isDay(text) ? text : null,
);

/** The same, or `all`. */
export const dayOrAgeOrAll = valueType(`${dayOrAge.expected}, or all`, (text) => (text === 'all' ? text : dayOrAge.parse(text)));

/** Formats a duration in milliseconds as a user would write it, in the largest unit without a fraction; a day is `24h`. */
export function formatDuration(durationMs: number): string {
  const fits = ([name, unitMs]: (typeof UNITS)[number]) => durationMs % unitMs === 0 && (name !== 'd' || durationMs > unitMs);
  const [name, unitMs] = UNITS.findLast(fits) ?? UNITS[0];
  return `${durationMs / unitMs}${name}`;
}

/** A duration with a unit, from 1 ms to `most`; its value is in milliseconds. */
export const duration = (most: string) =>
  valueType(`a duration such as 500ms, 10s or 5m, from 1ms to ${most}`, (text) => {
    const durationMs = parseDuration(text);
    return durationMs >= 1 && durationMs <= parseDuration(most) ? durationMs : null;
  });

function numberType(expected: string, pattern: RegExp, isWithin: (value: number) => boolean) {
  return valueType(expected, (text) => (pattern.test(text) && isWithin(Number(text)) ? Number(text) : null));
}

/** A whole number in decimal digits, both bounds included. */
export const integer = (least: number, most: number) =>
  numberType(`a whole number from ${least} to ${most}`, /^\d+$/, (value) => value >= least && value <= most);

/** A number above 0, with or without a fraction, up to `most`. */
export const positiveNumber = (most: number) =>
  numberType(`a number above 0, at most ${most}`, /^\d+(?:\.\d+)?$/, (value) => value > 0 && value <= most);

/** One of the choices. */
export const oneOf = <const Choice extends string>(...choices: readonly Choice[]) => ({
  ...valueType(`one of ${choices.join(', ')}`, (text) => choices.find((choice) => choice === text) ?? null),
  choices,
});

/** One or more of the choices, separated by commas. */
export const someOf = <const Choice extends string>(...choices: readonly Choice[]) => ({
  ...valueType(`${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}, or several separated by commas`, (text) => {
    const wanted = text.split(',').map((part) => choices.find((choice) => choice === part.trim()));
    return wanted.every((choice) => choice !== undefined) ? wanted : null;
  }),
  choices,
});

/** On or off, in the spellings that are common in variables. */
export const yesOrNo = valueType('1, true, yes, on, 0, false, no or off', (text) => {
  if (/^(?:1|true|yes|on)$/i.test(text)) return true;
  return /^(?:0|false|no|off)$/i.test(text) ? false : null;
});

// Longer than any real setting. The URL parser takes quadratic time for a long non-ASCII host.
const MAX_URL_LENGTH = 4096;

function parseUrl(text: string): URL | null {
  return text.length <= MAX_URL_LENGTH && URL.canParse(text) ? new URL(text) : null;
}

/** A URL to which paths are appended: normalised, with a trailing slash. */
export const baseUrl = valueType('an http or https URL without user, password, query or fragment', (text) => {
  const url = parseUrl(text);
  // An `@` in the path belongs to a password that contains a slash.
  const isBare = url?.search === '' && url.hash === '' && !text.includes('@');
  return isBare && /^https?:$/.test(url.protocol) ? url.href.replace(/\/?$/, '/') : null;
});

/** The origin of an http or https URL that is not a bare origin; undefined for other texts. */
export function findMeantOrigin(text: string): string | undefined {
  const url = parseUrl(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin !== text ? url.origin : undefined;
}

/** Whether a text is a proxy URL. It may have a user and a password, but no path, query or fragment. */
export function isProxyUrl(text: string): boolean {
  const url = parseUrl(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search + url.hash === '';
}

export const proxyUrl = valueType('an http or https URL of a proxy, without a path', (text) => (isProxyUrl(text) ? text : null));

/** The URL of a Redis server. Rejects parts that the client would ignore or fail on. */
export const redisUrl = valueType('a redis or rediss URL, such as redis://user:password@host:6379/0', (text) => {
  const url = parseUrl(text);
  if (url === null) return null;
  const { protocol, hostname, pathname, search, hash, username, password } = url;
  const isWhole = /^rediss?:$/.test(protocol) && hostname !== '' && /^(?:\/\d{0,9})?$/.test(pathname) && search + hash === '';
  return isWhole && decodePercent(username + password) !== undefined ? text : null;
});

// Host names and ports as in a URL, without anything that would change the request.
const HOST_AND_PORT = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** Hosts that can be put into a URL, each with or without a port, separated by commas. */
export const hostsAndPorts = valueType('host names separated by commas, each with or without a port', (text) => {
  const hosts = text.split(',').map((host) => host.trim());
  return hosts.every((host) => HOST_AND_PORT.test(host) && URL.canParse(`https://${host}/`)) ? hosts : null;
});

function toParts(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

/** One or more texts, separated by commas; `what` names one. By default, any non-empty text is valid. */
export const listOf = (what: string, isValid = (part: string) => part !== '') =>
  valueType(`${what}, or several separated by commas`, (text) => {
    const parts = toParts(text);
    return parts.every((part) => isValid(part)) ? parts : null;
  });

// An invalid text may be a whole file.
const MAX_SHOWN_LENGTH = 60;

const MAIN_PATHS = rowPaths.filter((path) => !/^(?:verdict|judgement)\./.test(path));

export const rowFields = {
  ...valueType('values of a row such as observable.value, or several separated by commas', (text): readonly RowPath[] | null => {
    const paths = toParts(text);
    return paths.every(isRowPath) ? paths : null;
  }),
  hint: (text: string) => {
    const wrong = toParts(text).find((path) => !isRowPath(path)) ?? '';
    const paths = suggestRowPaths(wrong);
    const about = wrong === text ? '; ' : `; ${JSON.stringify(cut(wrong, MAX_SHOWN_LENGTH))} is unknown: `;
    return (
      about +
      (paths === rowPaths
        ? `use ${MAIN_PATHS.join(', ')}, or a value of verdict or judgement`
        : `did you mean ${paths.join(', ')}?`)
    );
  },
};

/** Addresses and ranges of addresses. */
export const addressRanges = listOf('an address or a range such as 192.0.2.0/24', (part) => parseAddressRange(part) !== null);

/** A label of `TextDecoder` (WHATWG Encoding), in its usual spelling. */
export const encodingName = valueType('the name of an encoding, such as windows-1252', (text) => {
  try {
    return new TextDecoder(text).encoding;
  } catch {
    return null;
  }
});
