import { toPlainName } from './type-names.ts';

// Suricata, ECS, Zeek, Splunk, CEF, LEEF, Windows, and CSV of SIEMs.
const NAMES = new Set([
  'timestamp',
  '@timestamp',
  'ts',
  'time',
  'datetime',
  'eventtime',
  'rt',
  'devtime',
  'utctime',
  'timegenerated',
  'starttime',
]);

/** Whether a field of this name holds the time of its record. */
export function isTimeName(name: string): boolean {
  return NAMES.has(name) || NAMES.has(toPlainName(name));
}

/** The time of an event; undefined where no field at its top holds one. */
export function findTime(event: unknown): string | undefined {
  if (typeof event !== 'object' || event === null) return undefined;
  const fields = event as Readonly<Record<string, unknown>>;
  // To look at each name takes as long as all else.
  const usual = fields['timestamp'] ?? fields['@timestamp'] ?? fields['ts'];
  const value = usual ?? Object.entries(fields).find(([name]) => isTimeName(name))?.[1];
  return typeof value === 'string' || typeof value === 'number' ? toTime(String(value)) : undefined;
}

const MAX_LENGTH = 64;
// Of hours and minutes at least.
const SEVERAL_DIGITS = /(?:\d\D*){4}/;
// Of the years 2001 to 2286, in seconds, milliseconds or microseconds.
const EPOCH = /^(\d{10})(?:\.(\d{1,9})|(\d{3})(?:\d{3})?)?$/;

/** A time as it is written; of seconds, milliseconds or microseconds since 1970, in ISO 8601. Undefined for what is no time. */
export function toTime(text: string | undefined): string | undefined {
  if (text !== undefined && text.length <= MAX_LENGTH && /^\d{4}-.*\S$/.test(text)) return text;
  const written = text?.trim() ?? '';
  const [, seconds, fraction = '', milliseconds = ''] = EPOCH.exec(written) ?? [];
  if (seconds !== undefined)
    return new Date(Number(seconds + (milliseconds || fraction.padEnd(3, '0').slice(0, 3)))).toISOString();
  return written.length <= MAX_LENGTH && SEVERAL_DIGITS.test(written) ? written : undefined;
}
