import { CctError } from '../../core/errors.ts';
import { parseJson } from '../../core/json-text.ts';
import { cut, shorten, toVisible } from '../../core/safe-text.ts';
import type { Listing, Unlisted } from '../../core/lookups/tracker.ts';

// Enough to distinguish an error page from a captcha, on one line.
const EXTRACT_LENGTH = 160;
// CTIM's limit for a reason.
const MAX_MESSAGE_LENGTH = 1024;

/**
 * Parses the body of a 200 answer of `query.php`. Only `message` counts: `Malicious`, or `Malicious:` and the family, means listed; exactly
 * `unlistedMessage` means unlisted. Throws `unintelligible` for anything else: the tracker has changed.
 */
export function parseReply(body: string, unlistedMessage: string): Listing | Unlisted {
  const message = messageOf(body);
  if (message === unlistedMessage) return { status: 'unlisted' };
  const listed = /^Malicious(?::(.*))?$/su.exec(message);
  if (!listed) throw unintelligible('has an unexpected "message"', body);
  return { status: 'listed', message: clean(message), family: clean(listed[1] ?? '') };
}

function messageOf(body: string): string {
  const parsed = parseJson(body.replace(/^\uFEFF/, ''));
  if (parsed === undefined) throw unintelligible(body.trim() === '' ? 'is empty' : 'is not JSON', body);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw unintelligible('is not a JSON object', body);
  if (!('message' in parsed)) throw unintelligible('has no "message"', body);
  if (countKeys(body, 'message') > 1) throw unintelligible('has more than one "message"', body);
  if (typeof parsed.message !== 'string') throw unintelligible('has a "message" that is not a string', body);
  return parsed.message;
}

const JSON_TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/gs;

/** Counts a key, escaped or not, in the object of a valid JSON text: `JSON.parse` silently uses the last one. */
function countKeys(json: string, key: string): number {
  let [depth, count] = [0, 0];
  for (const [token, colon] of json.matchAll(JSON_TOKEN)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (colon !== undefined && depth === 1 && JSON.parse(token.slice(0, -colon.length)) === key) count += 1;
  }
  return count;
}

function unintelligible(what: string, body: string): CctError {
  return new CctError('unintelligible', `The tracker's answer ${what}`, { rawExtract: toExtract(body) });
}

/** The beginning of an external text on one line, safe for a terminal. */
function toExtract(text: string): string {
  return shorten(toVisible(text.slice(0, EXTRACT_LENGTH * 4).replace(/\s+/g, ' ')), EXTRACT_LENGTH);
}

function clean(text: string): string {
  return cut(toVisible(text.trim()), MAX_MESSAGE_LENGTH);
}
