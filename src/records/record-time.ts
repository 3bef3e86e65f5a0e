import { isObject } from '../core/json-text.ts';
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
  'timecreated',
  'systemtime',
]);

// Of a time of day in another field.
const DAY_NAMES = new Set(['date', 'eventdate', 'logdate', 'startdate']);

/** The time of a record; `values` are those of its fields, in the order of their names. */
export type ReadTime = (values: readonly (string | undefined)[]) => string | undefined;

/** Chooses the fields that hold the time of a record: the first with a date, else a time of day, behind the date of another field. */
export function createTimeReader(names: readonly string[]): ReadTime {
  const indexesOf = (known: ReadonlySet<string>) =>
    [...names.keys()].filter((at) => known.has(names[at] ?? '') || known.has(toPlainName(names[at] ?? '')));
  const times = indexesOf(NAMES);
  return (values) => {
    const read = (indexes: readonly number[]) => indexes.map((at) => toTime(values[at])).filter((time) => time !== undefined);
    const found = times.length === 0 ? [] : read(times);
    const time = found.find((one) => !TIME_OF_DAY.test(one)) ?? found[0];
    if (time === undefined || !TIME_OF_DAY.test(time)) return time;
    const [day] = read(indexesOf(DAY_NAMES));
    if (day === undefined || TIME_OF_DAY.test(day)) return time;
    return day.includes(':') ? day : `${day} ${time}`;
  };
}

// What Splunk, Elasticsearch and Windows put around an event, or its time.
const WRAPPERS = ['result', '_source', 'Event', 'System', 'TimeCreated', '#attributes', 'EventData'];

/** The time of an event, in its own fields or those that a wrapper holds; undefined if there is none. */
export function findTime(event: unknown): string | undefined {
  if (!isObject(event)) return undefined;
  // Fast path; checking every name would double the time.
  const usual = toTime(toText(event['timestamp'])) ?? toTime(toText(event['@timestamp'])) ?? toTime(toText(event['ts']));
  if (usual !== undefined && !TIME_OF_DAY.test(usual)) return usual;
  const own = createTimeReader(Object.keys(event))(Object.values(event).map(toText));
  if (own !== undefined) return own;
  for (const name of WRAPPERS) {
    const time = findTime(event[name]);
    if (time !== undefined) return time;
  }
  return undefined;
}

/** Undefined for what is no text and no number, and for a number that is not as it was written. */
function toText(value: unknown): string | undefined {
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) : undefined;
  return typeof value === 'string' ? value : undefined;
}

const MAX_LENGTH = 64;
// A day, or an hour with minutes.
const SEVERAL_DIGITS = /(?:\d\D*){4}/;
const TIME_OF_DAY = /^\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:\s?(?:[ap]m|z|[+-]\d{2}:?\d{2}))?$/i;
// Of the years 2001 to 2286, in seconds, milliseconds or microseconds.
const EPOCH = /^(\d{10})(?:\.(\d{1,9})|(\d{3})(?:\d{3})?)?$/;

/** A time as it is written; of seconds, milliseconds or microseconds since 1970, in ISO 8601. Undefined for what is no time. */
function toTime(text: string | undefined): string | undefined {
  if (text !== undefined && text.length <= MAX_LENGTH && /^\d{4}-.*\S$/.test(text)) return text;
  const written = text?.trim() ?? '';
  const [, seconds, fraction = '', milliseconds = ''] = EPOCH.exec(written) ?? [];
  if (seconds !== undefined)
    return new Date(Number(seconds + (milliseconds || fraction.padEnd(3, '0').slice(0, 3)))).toISOString();
  const isTime = SEVERAL_DIGITS.test(written) || TIME_OF_DAY.test(written);
  return written.length <= MAX_LENGTH && isTime ? written : undefined;
}
