import * as z from 'zod/mini';
import { parseJson } from '../../core/json-text.ts';
import type { Answer } from '../../core/lookups/tracker.ts';
import { isDay } from '../../core/day.ts';

/** The settings that determine the meaning of an answer. */
export interface AnswerOrigin {
  /** The tracker's base URL. */
  readonly apiUrl: string;
  /** The message that means "not listed". */
  readonly unlistedMessage: string;
}

/** The origin of an answer, and its lookup key. */
export interface AnswerPlace extends AnswerOrigin {
  readonly key: string;
}

/** An answer and the place that it is stored under. */
export interface StoredAnswer extends AnswerPlace {
  readonly answer: Answer;
}

/** The maximum size of a stored text in bytes, ten times that of the longest real one. */
export const MAX_STORED_BYTES = 64 * 1024;

/** The version of the stored text; part of the place, because several versions may share a store. */
export const STORED_VERSION = 2;

const moment = z.string().check(z.refine((text) => isMoment(text)));
const common = {
  version: z.literal(STORED_VERSION),
  api_url: z.string(),
  unlisted_message: z.string(),
  key: z.string(),
  source: z.enum(['live', 'cache']),
  answered_at: moment,
};
const storedSchema = z.discriminatedUnion('status', [
  z.strictObject({
    ...common,
    status: z.literal('listed'),
    message: z.string(),
    family: z.string(),
    first_listed: z.optional(z.string().check(z.refine(isDay))),
  }),
  z.strictObject({ ...common, status: z.literal('unlisted') }),
]);

/** Whether a text is a time in the format of `toISOString`. */
function isMoment(text: string): boolean {
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString() === text;
}

/** A text that identifies a place, even if keys differ only in a lone surrogate. */
export function toPlaceText({ apiUrl, unlistedMessage, key }: AnswerPlace): string {
  return JSON.stringify([STORED_VERSION, apiUrl, unlistedMessage, key]);
}

/** Whether a stored answer belongs to a place. */
export function isAt(stored: AnswerPlace, place: AnswerPlace): boolean {
  return toPlaceText(stored) === toPlaceText(place);
}

/** The answer as JSON on one line. Throws `RangeError` if `answeredAt` is invalid. */
export function writeStoredAnswer({ apiUrl, unlistedMessage, key, answer }: StoredAnswer): string {
  const { status, source, answeredAt } = answer;
  const listing =
    answer.status === 'listed' ? { message: answer.message, family: answer.family, first_listed: answer.firstListed } : {};
  return JSON.stringify({
    version: STORED_VERSION,
    api_url: apiUrl,
    unlisted_message: unlistedMessage,
    key,
    status,
    source,
    answered_at: answeredAt.toISOString(),
    ...listing,
  });
}

/** Parses the text of `writeStoredAnswer`; undefined for anything else, such as another version. Never throws. */
export function parseStoredAnswer(text: string): StoredAnswer | undefined {
  const parsed = storedSchema.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const { api_url: apiUrl, unlisted_message: unlistedMessage, key, source, answered_at, ...said } = parsed.data;
  const place = { apiUrl, unlistedMessage, key };
  const origin = { source, answeredAt: new Date(answered_at) };
  if (said.status === 'unlisted') return { ...place, answer: { status: 'unlisted', ...origin } };
  const { message, family, first_listed: firstListed } = said;
  return {
    ...place,
    answer: { status: 'listed', message, family, ...(firstListed === undefined ? {} : { firstListed }), ...origin },
  };
}
