import { PUBLIC_API_URL } from '../../config.ts';
import { toAnswer } from '../../core/ctim/envelope.ts';
import type { RelayError } from '../../core/errors.ts';
import { toJudgement, toVerdict } from '../../core/ctim/mapper.ts';
import { plan } from '../../core/lookups/plan.ts';
import type { EndpointId } from '../endpoints.ts';
import { toServedEndpoints } from '../endpoints.ts';
import { toLandingJson } from './landing-page.ts';
import type { Json } from './openapi-schemas.ts';
import { toJsonContent } from './openapi-schemas.ts';
import { toReferrals } from '../referrals.ts';

/** The answer of an endpoint with status 200, and its parameters other than a body. */
export interface Answer {
  readonly description: string;
  /** By media type. */
  readonly content: Json;
  readonly parameters?: readonly Json[];
}

interface AnswersOptions {
  readonly version: string;
  readonly hasMetrics: boolean;
}

// The schema of OpenAPI itself would be too long here.
const OPENAPI_SCHEMA: Json = {
  type: 'object',
  properties: { openapi: { type: 'string' }, info: { type: 'object' }, paths: { type: 'object' } },
  required: ['openapi', 'info', 'paths'],
};

export function toAnswers({ version, hasMetrics }: AnswersOptions): Readonly<Record<EndpointId, Answer>> {
  const landing = toLandingJson({
    version,
    endpoints: toServedEndpoints({ hasMetrics }),
    source: { answers: 'auto', list_date: '2018-01-31' },
    hasToken: true,
  });
  return {
    health: {
      description: 'The state of the tracker: `ok`, or an error.',
      content: toJsonContent('Health', { ok: { data: { status: 'ok' } }, failed: { errors: toExampleErrors() } }),
    },
    deliberate: {
      description: 'A Verdict for each listed observable. One with neither a Verdict nor an error is not listed or was skipped.',
      content: toJsonContent('Envelope', toEnvelopeExamples('deliberate')),
    },
    observe: {
      description:
        'A Verdict and a Judgement for each listed observable. One with neither of them nor an error is not listed or was skipped.',
      content: toJsonContent('Envelope', toEnvelopeExamples('observe')),
    },
    refer: {
      description: 'A link for each observable that can be looked up.',
      content: toJsonContent('Referrals', {
        links: { data: toReferrals(plan(EXAMPLE_OBSERVABLES, { includePrivate: false }), PUBLIC_API_URL) },
        refused: { errors: [{ type: 'fatal', code: 'invalid argument', message: 'The body is invalid JSON' }] },
      }),
    },
    version: { description: 'The version of this relay.', content: toJsonContent('Version', { version: { version } }) },
    watchdog: {
      description: 'The value of the header, unchanged.',
      content: toJsonContent('Watchdog', {
        present: { data: 'a1b2' },
        missing: { errors: [{ type: 'fatal', code: 'health check failed', message: 'The request has no Health-Check header' }] },
      }),
      parameters: [
        { name: 'Health-Check', in: 'header', description: 'Any text; the relay echoes it.', schema: { type: 'string' } },
      ],
    },
    landing: {
      description: 'An HTML page if the request accepts HTML, otherwise the same content as JSON.',
      content: { ...toJsonContent('Landing', { landing }), 'text/html': { schema: { type: 'string' } } },
    },
    openapi: {
      description: 'This document.',
      content: { 'application/json': { schema: OPENAPI_SCHEMA } },
    },
    metrics: {
      description: 'Metrics in the Prometheus text format 0.0.4.',
      content: { 'text/plain': { schema: { type: 'string' } } },
    },
  };
}

/** The observables of the examples: reserved names and addresses only (RFC 2606, RFC 5737). */
export const EXAMPLE_OBSERVABLES = [
  { type: 'ip', value: '192.0.2.1' },
  { type: 'url', value: 'http://panel.example/gate.php' },
] as const;

/** The relay's errors when the tracker answers 503 to these observables. */
function toExampleErrors(...asked: readonly { readonly value: string }[]): RelayError[] {
  const names = asked.length === 0 ? '' : `: ${asked.map(({ value }) => value).join(', ')}`;
  const message = `The tracker answered 503 Service Unavailable${names}`;
  return [{ type: 'fatal', code: 'service unavailable', message }];
}

function toEnvelopeExamples(mode: 'deliberate' | 'observe'): Json {
  const facts = {
    observable: EXAMPLE_OBSERVABLES[1],
    question: { type: 'url', key: 'panel.example/gate.php' },
    listing: { status: 'listed', message: 'Malicious: Pony', family: 'Pony' },
    answeredAt: new Date('2026-03-01T12:00:00.000Z'),
    apiUrl: PUBLIC_API_URL,
  } as const;
  const judgement = toJudgement(facts);
  const verdict = toVerdict(facts, mode === 'observe' ? judgement : undefined);
  const listed = { mode, verdicts: [verdict], judgements: [judgement], errors: [] };
  const empty = { ...listed, verdicts: [] };
  return {
    listed: toAnswer(listed),
    empty: toAnswer(empty),
    partial: toAnswer({ ...listed, errors: toExampleErrors(EXAMPLE_OBSERVABLES[0]) }),
    failed: toAnswer({ ...empty, errors: toExampleErrors(...EXAMPLE_OBSERVABLES) }),
  };
}
