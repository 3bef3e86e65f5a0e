import fc from 'fast-check';
import type { Fault } from '../../helpers/fake-tracker.ts';
import type { Subject } from './judge.ts';

/** What the steps are about: few, so that callers want the same. */
export const SUBJECTS: readonly Subject[] = [
  ...Array.from({ length: 8 }, (_, at) => `h${at}.example/gate.php`).map((key) => ({
    type: 'url' as const,
    value: `http://${key}`,
    key,
  })),
  ...Array.from({ length: 4 }, (_, at) => `198.51.100.${at}`).map((key) => ({ type: 'ip' as const, value: key, key })),
];

export const TTL_MS = 60_000;
export const SLOTS = 4;

/** Requests that are refused, whatever the tracker does. */
export const BAD_REQUESTS = [
  'no JSON',
  'no array',
  'a wrong item',
  'too long a body',
  'no UTF-8',
  'no such path',
  'a wrong method',
  'no HTTP',
  'no Host',
  'two Hosts',
  'a wrong token',
  'no token',
] as const;
export type BadRequest = (typeof BAD_REQUESTS)[number];

/** One thing that happens to a relay. Callers have their connections in slots. */
export type Step =
  | { readonly does: 'nothing' }
  | ({ readonly does: 'ask'; readonly slot: number; readonly waits: boolean } & Asked)
  | { readonly does: 'ask badly'; readonly how: BadRequest }
  /** The caller of a slot leaves, whatever it waits for. */
  | { readonly does: 'leave'; readonly slot: number; readonly how: 'end' | 'reset' }
  /** A caller leaves when this share of its request is sent. */
  | ({ readonly does: 'leave early'; readonly sent: number; readonly how: 'end' | 'reset' } & Asked)
  | { readonly does: 'fault'; readonly fault: Fault }
  | { readonly does: 'outage' }
  | { readonly does: 'recovery' }
  | { readonly does: 'hold' }
  | { readonly does: 'release' }
  /** The tracker lists a subject, or does so no more. */
  | { readonly does: 'list'; readonly subject: number }
  | { readonly does: 'jump'; readonly byMs: number }
  /** All who wait get their answers, and the books are compared. */
  | { readonly does: 'settle' };

/** A valid request. */
export interface Asked {
  /** Indices of `SUBJECTS`; one may come twice. */
  readonly about: readonly number[];
  readonly mode: 'observe' | 'deliberate';
  /** Further observables, none of which is asked about. */
  readonly padding: 0 | 3 | 990;
  readonly framing: 'length' | 'chunked';
  /** Shares of the request at which it is cut into pieces. */
  readonly cuts: readonly number[];
  /** What is no HTTP follows in the last piece. */
  readonly hasJunk: boolean;
}

/** How a run ends, with callers that wait for their answers. */
export type Ending =
  /** They get them. */
  | 'finish'
  /** What is under way is told to end. */
  | 'interrupt'
  /** They are cut off. */
  | 'cut off';

const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const how = fc.constantFrom('end' as const, 'reset' as const);
const slot = fc.nat({ max: SLOTS - 1 });

const asked = {
  about: fc.array(fc.nat({ max: SUBJECTS.length - 1 }), { minLength: 1, maxLength: 5 }),
  mode: fc.constantFrom('observe' as const, 'deliberate' as const),
  padding: fc.constantFrom(0 as const, 0 as const, 3 as const, 990 as const),
  framing: fc.constantFrom('length' as const, 'chunked' as const),
  cuts: fc.array(share, { maxLength: 2 }),
  hasJunk: fc.nat({ max: 9 }).map((number) => number === 9),
};

const FAULTS: readonly Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 403 },
  { kind: 'status', status: 429 },
  { kind: 'body', body: '{"success":true,"message":"Something new"}' },
  'malicious-html',
  'empty',
  'cut-json',
  'short-body',
  'cut-chunked',
  'reset',
];
/** To both sides of what the relay goes by: the breaker's ten seconds and the TTL. */
const JUMPS_MS = [1, 999, 9_999, 10_000, 10_000, TTL_MS - 1, TTL_MS, TTL_MS, -1, -5_000];

const step = <Kind extends Step>(arbitrary: fc.Arbitrary<Kind>, weight: number) => ({ arbitrary, weight });
const plain = <Kind extends 'outage' | 'recovery' | 'hold' | 'release' | 'settle'>(does: Kind) => fc.constant({ does });

/** Any step; it shrinks to nothing. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { withCrossShrink: true },
  step(fc.constant({ does: 'nothing' as const }), 1),
  step(fc.record({ does: fc.constant('ask' as const), slot, waits: fc.boolean(), ...asked }), 50),
  step(fc.record({ does: fc.constant('ask badly' as const), how: fc.constantFrom(...BAD_REQUESTS) }), 8),
  step(fc.record({ does: fc.constant('leave' as const), slot, how }), 6),
  step(fc.record({ does: fc.constant('leave early' as const), sent: share, how, ...asked }), 4),
  step(fc.record({ does: fc.constant('fault' as const), fault: fc.constantFrom(...FAULTS) }), 5),
  step(plain('outage'), 3),
  step(plain('recovery'), 8),
  step(plain('hold'), 5),
  step(plain('release'), 5),
  step(fc.record({ does: fc.constant('list' as const), subject: fc.nat({ max: SUBJECTS.length - 1 }) }), 8),
  step(fc.record({ does: fc.constant('jump' as const), byMs: fc.constantFrom(...JUMPS_MS) }), 10),
  step(plain('settle'), 4),
);

export const anyEnding: fc.Arbitrary<Ending> = fc.constantFrom('finish', 'interrupt', 'cut off');
