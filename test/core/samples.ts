import type { Outcome } from '../../src/core/lookups/outcome.ts';
import type { Observable, Question } from '../../src/core/observables/observable.ts';
import type { Answer, AnswerConnection, Listing, LookupContext, Tracker } from '../../src/core/lookups/tracker.ts';

export const API_URL = 'https://tracker.example/';

/** What decides how that tracker's answers are understood. */
export const ORIGIN = { apiUrl: API_URL, unlistedMessage: 'Unknown url' };
export const ANSWERED_AT = new Date('2026-03-01T12:34:56.789Z');

/** A url on the reserved name, told apart by its path. */
export function toUrl(path: string): Observable {
  return { type: 'url', value: `http://panel.example/${path}` };
}

/** What the tracker would be asked about `toUrl(path)`. */
export function toQuestion(path: string): Question {
  return { type: 'url', key: `panel.example/${path}` };
}

/** A positive answer of the live tracker. */
export function toListed(changes: Partial<Listing> = {}): Answer & Listing {
  return {
    status: 'listed',
    message: 'Malicious: Citadel',
    family: 'Citadel',
    source: 'live',
    answeredAt: ANSWERED_AT,
    ...changes,
  };
}

export const unlisted: Answer = { status: 'unlisted', source: 'live', answeredAt: ANSWERED_AT };

/** An outcome of status `listed` for `toUrl(path)`. */
export function toListedOutcome(path: string, changes: Partial<Listing> = {}): Outcome {
  return { status: 'listed', observable: toUrl(path), question: toQuestion(path), answer: toListed(changes) };
}

/** A tracker that answers with `lookup` and keeps the keys it was asked, in order. */
export function createTracker(lookup: Tracker['lookup']): Tracker & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    identify: ({ key }) => key,
    lookup(question, context) {
      asked.push(question.key);
      return lookup(question, context);
    },
    ping: () => Promise.resolve(),
    close: () => undefined,
  };
}

/** A connection that loses its trust, or is confirmed, when it is told to. */
export function createConnection(): AnswerConnection & {
  readonly distrust: () => void;
  readonly confirm: () => void;
  readonly waits: number;
} {
  const { promise, resolve } = createDeferred<boolean>();
  let [isTrusted, waits] = [true, 0];
  return {
    isReused: true,
    get isTrusted() {
      return isTrusted;
    },
    get waits() {
      return waits;
    },
    confirmed() {
      waits += 1;
      return promise;
    },
    confirm: () => resolve(true),
    distrust() {
      isTrusted = false;
      resolve(false);
    },
  };
}

/** A caller that waits for ever. */
export const patient: LookupContext = { signal: new AbortController().signal };

/** A promise and the two ends that settle it. */
export function createDeferred<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<Value>((onValue, onReason) => {
    resolve = onValue;
    reject = onReason;
  });
  return { promise, resolve, reject };
}

/** All that an iteration yields. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
