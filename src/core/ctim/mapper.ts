import { parse as parseUuid, v5 as uuidV5 } from 'uuid';
import type { Judgement, Verdict } from './ctim.ts';
import { DAY_MS } from '../day.ts';
import type { Observable, Question } from '../observables/observable.ts';
import { cut } from '../safe-text.ts';
import type { Listing } from '../lookups/tracker.ts';

/** What the documents of a listing are made of. */
export interface ListingFacts {
  readonly observable: Observable;
  readonly question: Question;
  readonly listing: Listing;
  /** Documents are valid from this moment. */
  readonly answeredAt: Date;
  /** The tracker's base URL, with its trailing slash. */
  readonly apiUrl: string;
}

/** Names the tracker in documents. */
export const SOURCE = 'CyberCrime Tracker';
/** The version of CTIM that documents conform to. */
export const SCHEMA_VERSION = '1.3.30';
const VALID_FOR_MS = 7 * DAY_MS;
// CTIM's limits, in UTF-16 units, so that they hold however a validator counts.
const MAX_REASON_LENGTH = 1024;
const MAX_URI_LENGTH = 2048;
// A random UUID. It must never change, or repeated imports would make duplicates.
const ID_NAMESPACE = parseUuid('6f0c8f0e-4f63-4c1b-9a57-3d2f0b9a51c7');
const utf8 = new TextEncoder();

/** A Verdict. With `judgement` it names that Judgement. CTIM's Verdict allows no other field. */
export function toVerdict(facts: ListingFacts, judgement?: Judgement): Verdict {
  const verdict: Verdict = {
    type: 'verdict',
    observable: toSubject(facts),
    disposition: 2,
    disposition_name: 'Malicious',
    valid_time: judgement?.valid_time ?? toValidTime(facts.answeredAt),
  };
  if (judgement) verdict.judgement_id = judgement.id;
  return verdict;
}

/**
 * A Judgement. Its ids depend on source, observable, disposition and UTC day only: a repeated import with
 * `?external-key-prefixes=cybercrime-tracker-` adds nothing; without, it makes duplicates.
 */
export function toJudgement(facts: ListingFacts): Judgement {
  const { observable, question, listing, answeredAt, apiUrl } = facts;
  const validTime = toValidTime(answeredAt);
  const day = validTime.start_time.slice(0, 10);
  const sourceUri = toSearchUrl(apiUrl, question.key);
  return {
    type: 'judgement',
    ...toEntityIds('judgement', [SOURCE, observable.type, observable.value, 2, day]),
    observable: toSubject(facts),
    disposition: 2,
    disposition_name: 'Malicious',
    source: SOURCE,
    ...(sourceUri.length > MAX_URI_LENGTH ? {} : { source_uri: sourceUri }),
    confidence: 'Low',
    severity: 'Medium',
    priority: 90,
    reason: toReason(listing),
    tlp: 'white',
    schema_version: SCHEMA_VERSION,
    valid_time: validTime,
  };
}

/** The ids of an entity of this CTIM type. Equal facts give equal ids, so that an importer that is given the prefix recognises the entity. */
export function toEntityIds(type: string, facts: readonly (string | number)[]) {
  const uuid = uuidV5(utf8.encode(JSON.stringify(facts)), ID_NAMESPACE);
  return { id: `transient:${type}-${uuid}`, external_ids: [`cybercrime-tracker-${type}-${uuid}`] };
}

/** The tracker's page for people about a lookup key. */
export function toSearchUrl(apiUrl: string, key: string): string {
  return `${apiUrl}index.php?search=${encodeURIComponent(key)}`;
}

/** The observable as given, byte for byte, so that the platform can match it. */
function toSubject({ observable, question }: ListingFacts): Verdict['observable'] {
  return { type: observable.type === 'hostname' ? 'hostname' : question.type, value: observable.value };
}

function toReason({ message, firstListed }: Listing): string {
  const suffix = firstListed === undefined ? '' : ` (first listed ${firstListed})`;
  return cut(message, MAX_REASON_LENGTH - suffix.length) + suffix;
}

function toValidTime(start: Date): { start_time: string; end_time: string } {
  return { start_time: start.toISOString(), end_time: new Date(start.getTime() + VALID_FOR_MS).toISOString() };
}
