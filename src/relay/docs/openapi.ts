import * as z from 'zod/mini';
import { formatCount, toAmount } from '../../core/amount.ts';
import {
  envelopeSchema,
  failureSchema,
  healthSchema,
  judgementSchema,
  referralSchema,
  referralsSchema,
  relayErrorSchema,
  verdictSchema,
} from '../../core/ctim.ts';
import type { Endpoint } from './endpoints.ts';
import { statusesOf, takesObservables, toServedEndpoints } from './endpoints.ts';
import { landingSchema, RELAY_DESCRIPTION } from './landing-page.ts';
import type { Answer, Json } from './openapi-answers.ts';
import { EXAMPLE_OBSERVABLES, toAnswers, toJsonContent, toRef } from './openapi-answers.ts';
import { MAX_BODY_BYTES, MAX_OBSERVABLES } from '../request-body.ts';

const nonEmpty = z.string().check(z.minLength(1));

/** The body of a request about observables; other keys of an item are ignored. */
export const observablesSchema = z.array(z.object({ type: nonEmpty, value: nonEmpty })).check(z.maxLength(MAX_OBSERVABLES));

/** The answer to `version`, which has no `data` around it. */
const versionSchema = z.strictObject({ version: z.string() });

/** The answer to `watchdog`: the header as it came, or an error where none came. */
const watchdogSchema = z.union([z.strictObject({ data: z.string() }), failureSchema]);

/** The body of every answer whose HTTP status is not 200. `code` is that status, `reason` says what did not fit. */
export const problemSchema = z.strictObject({ code: z.int(), message: z.string(), reason: z.string() });

export interface OpenApiOptions {
  readonly version: string;
  /** Whether the relay asks for tokens. */
  readonly hasToken: boolean;
  /** Whether it has `/metrics`. */
  readonly hasMetrics: boolean;
}

/**
 * The relay's interface as an OpenAPI 3.1.0 document, for the endpoints that this relay has. Its schemas are made from those
 * that the answers are checked with, and its examples by the code that makes the answers, so neither can drift.
 */
export function toOpenApi({ version, hasToken, hasMetrics }: OpenApiOptions): Json {
  const served = toServedEndpoints({ hasMetrics });
  const answers = toAnswers({ version, hasMetrics });
  const toPath = (endpoint: Endpoint): Json => ({
    [endpoint.method.toLowerCase()]: toOperation(endpoint, answers[endpoint.id], hasToken),
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'cct',
      version,
      summary: RELAY_DESCRIPTION,
      description: INFO_DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    paths: Object.fromEntries(served.map((endpoint) => [endpoint.path, toPath(endpoint)])),
    components: {
      schemas: toComponentSchemas(),
      responses: toProblemResponses(),
      ...(hasToken ? { securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } } : {}),
    },
  };
}

const INFO_DESCRIPTION = [
  'If a lookup fails, the list of observables is invalid, or the token is missing or wrong, the relay answers with HTTP 200 and',
  '`errors`, together with any data found. Any other HTTP status means that the relay refused the request; the body is then a',
  'Problem. A path that is not listed here is answered with 404. Requests that reach no path are refused with 400 (invalid HTTP),',
  '408 (not received in time), 417 (unsupported Expect header) or 431 (headers too long). A trailing slash makes no difference.',
].join(' ');

function toOperation(endpoint: Endpoint, { description, content, parameters }: Answer, hasToken: boolean): Json {
  const statuses = statusesOf(endpoint).filter((status) => status !== 401 || hasToken);
  const toResponse = (status: number): Json =>
    status === 200 ? { description, content } : { $ref: `#/components/responses/${PROBLEM_NAMES[status] ?? ''}` };
  return {
    operationId: endpoint.id,
    summary: endpoint.summary,
    ...(hasToken && endpoint.needsToken ? { security: [{ token: [] }] } : {}),
    ...(parameters ? { parameters } : {}),
    ...(takesObservables(endpoint) ? { requestBody: toRequestBody() } : {}),
    responses: Object.fromEntries(statuses.map((status) => [String(status), toResponse(status)])),
  };
}

function toRequestBody(): Json {
  return {
    required: true,
    description: `At most ${toAmount(MAX_OBSERVABLES, 'observable')} in at most ${MAX_BODY_BYTES / 1024 / 1024} MiB. The types ip and url are looked up, domain only in a snapshot; all others are ignored.`,
    content: toJsonContent('Observables', { observables: EXAMPLE_OBSERVABLES }),
  };
}

/** The names of the answers other than 200, by their status. */
const PROBLEM_NAMES: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  413: 'PayloadTooLarge',
};

/** 404 stands here although no operation names it: it is the answer to every path that the document does not list. */
function toProblemResponses(): Json {
  const descriptions = {
    Unauthorized: 'The token is missing or wrong.',
    NotFound: 'The path does not exist.',
    MethodNotAllowed: 'The path does not accept this method; the Allow header lists those that it accepts.',
    PayloadTooLarge: `The body is longer than ${formatCount(MAX_BODY_BYTES)} bytes.`,
  };
  const content = { 'application/json': { schema: toRef('Problem') } };
  return Object.fromEntries(Object.entries(descriptions).map(([name, description]) => [name, { description, content }]));
}

/** The schemas by the names of their components, each with a reference where it holds another of them. */
function toComponentSchemas(): Json {
  const named = {
    Observables: observablesSchema,
    Envelope: envelopeSchema,
    Verdict: verdictSchema,
    Judgement: judgementSchema,
    RelayError: relayErrorSchema,
    Failure: failureSchema,
    Health: healthSchema,
    Referral: referralSchema,
    Referrals: referralsSchema,
    Version: versionSchema,
    Watchdog: watchdogSchema,
    Landing: landingSchema,
    Problem: problemSchema,
  };
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  // As input: a request may hold keys that are ignored. Answers are closed either way, since their schemas are strict.
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withoutIdentity(schema)]));
}

/** Without what makes a schema a document of its own: within another, an `$id` would lead its references astray. */
function withoutIdentity(schema: object): Json {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$id' && key !== '$schema'));
}
