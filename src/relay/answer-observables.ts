import { formatCount } from '../core/amount.ts';
import { enrich } from '../core/lookups/enrich.ts';
import { createEnvelopeBuilder, toAnswer } from '../core/ctim/envelope.ts';
import type { CctError } from '../core/errors.ts';
import { startCall } from '../core/lookups/call.ts';
import type { Mode } from '../core/ledger/ledger.ts';
import { count, createTally, toLedgerRow } from '../core/ledger/ledger.ts';
import type { Enquiry } from '../core/lookups/outcome.ts';
import type { PlanRules } from '../core/lookups/plan.ts';
import { plan } from '../core/lookups/plan.ts';
import type { Tracker } from '../core/lookups/tracker.ts';
import { wrapTracker } from '../core/lookups/tracker.ts';
import type { Exchange } from './http/exchange.ts';
import { toJson, toProblem } from './http/exchange.ts';
import { limitPlans } from './limit-plans.ts';
import type { LimitedPlans } from './limit-plans.ts';
import type { RelayLog } from './telemetry/log.ts';
import { MAX_BODY_BYTES, parseObservables } from './request-body.ts';
import type { BodyReader } from './request-body.ts';

export interface AnsweringOptions {
  readonly tracker: Tracker;
  /** The tracker's base URL, with a trailing slash, for documents and links. */
  readonly apiUrl: string;
  /** Which observables are looked up. */
  readonly rules: PlanRules;
  /** Maximum number of distinct observables of supported types to answer per request. */
  readonly maxObservables: number;
  readonly log: RelayLog;
  readonly logObservables: boolean;
  /** Ends requests in progress with the answers that are ready. */
  readonly stopping: AbortSignal;
  /** A monotonic clock. */
  readonly monotonicMs: () => number;
}

/** Plans the observables of the body and calls `answer`, or answers 413. Rejects with `input` for an invalid body. */
export async function withPlans(
  exchange: Exchange,
  { readBody, rules, maxObservables }: Pick<AnsweringOptions, 'rules' | 'maxObservables'> & { readonly readBody: BodyReader },
  answer: (limited: LimitedPlans) => Response | Promise<Response>,
): Promise<Response> {
  const body = await readBody(exchange);
  if (body === null) {
    const reason = `The body is longer than ${formatCount(MAX_BODY_BYTES)} bytes; send fewer observables per request`;
    return toProblem(exchange, 413, reason);
  }
  const observables = parseObservables(body);
  exchange.observables = observables;
  return answer(limitPlans(plan(observables, rules), maxObservables));
}

/** Looks up the observables of the body, and answers with the results that are ready in time. Rejects as `withPlans` does. */
export function answerObservables(
  exchange: Exchange,
  mode: Mode,
  readBody: BodyReader,
  options: AnsweringOptions,
): Promise<Response> {
  const { tracker, apiUrl, rules, maxObservables, stopping, monotonicMs, log } = options;
  const { deadlineMs } = exchange;
  return withPlans(exchange, { rules, maxObservables, readBody }, async ({ plans, warnings }) => {
    const tally = createTally();
    const builder = createEnvelopeBuilder(mode);
    const elapsedMs = monotonicMs() - exchange.startedMs;
    const call = startCall({ signals: [stopping, exchange.signal], deadlineMs, elapsedMs, monotonicMs });
    const bugs = new Set<unknown>();
    try {
      for await (const outcomes of enrich([plans], countOpen({ tracker, context: call }))) {
        for (const outcome of outcomes) {
          count(tally, outcome);
          builder.add(toLedgerRow(outcome, { mode, apiUrl }));
          if (outcome.status === 'failed') noteFailure(outcome.error, bugs, options);
        }
      }
    } finally {
      call.stop();
      exchange.hasLeft = exchange.signal.aborted;
    }
    for (const cause of bugs) log.problem('A lookup failed because of a bug', { requestId: exchange.requestId, cause });
    exchange.tally = tally;
    const envelope = builder.toEnvelope();
    const errors = [...envelope.errors, ...warnings];
    exchange.errorCodes = errors.map(({ code }) => code);
    return toJson(exchange, toAnswer({ ...envelope, errors }));
  });
}

/** Counts the open lookups of a request, so that a request with few does not wait for one with many. */
function countOpen({ tracker, context }: Enquiry): Enquiry {
  const caller = { openLookups: 0, deadlineAtMs: context.deadlineAtMs ?? Infinity };
  const lookup: Tracker['lookup'] = async (question, counted) => {
    caller.openLookups += 1;
    try {
      return await tracker.lookup(question, counted);
    } finally {
      caller.openLookups -= 1;
    }
  };
  return { tracker: wrapTracker(tracker, { lookup }), context: { caller, ...context } };
}

function noteFailure(error: CctError, bugs: Set<unknown>, { log, logObservables }: AnsweringOptions): void {
  if (error.code === 'internal') bugs.add(error.cause);
  if (error.rawExtract === undefined) return;
  // The tracker's text may contain the observable.
  const said = logObservables ? `: ${error.rawExtract}` : '; use --log-observables to log it';
  log.detail(`unexpected answer from the tracker${said}`);
}
