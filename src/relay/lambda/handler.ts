// The successor that the library recommends is not published yet.
/* eslint-disable @typescript-eslint/no-deprecated */
import { Hono } from 'hono';
import type { APIGatewayProxyResult, LambdaEvent } from 'hono/aws-lambda';
import { handle } from 'hono/aws-lambda';
import type { RelayApp } from '../app.ts';
import type { EventFacts } from './events.ts';
import { parseEvent } from './events.ts';
import type { RelayLog } from '../telemetry/log.ts';
import type { Refusal } from '../http/problem.ts';
import { ANSWER_HEADERS, toBugBody, toProblemBody } from '../http/problem.ts';

/** Part of an invocation's remaining time that is reserved for returning the answer. */
const RESERVE_MS = 1_000;

export interface LambdaContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** Answers one event; never rejects. */
export type LambdaHandler = (event: unknown, context: LambdaContext) => Promise<APIGatewayProxyResult>;

/**
 * Adapts the app to AWS Lambda: API Gateway (REST and HTTP APIs), Function URLs and load balancers. Answers an invalid event with 400. A
 * request without an id gets the invocation's, which Lambda logs. The app's deadline is the remaining time minus a second.
 */
export function createLambdaHandler(app: RelayApp, log: RelayLog): LambdaHandler {
  const answer = handle(createBridge(app));
  return async (event, context) => {
    const requestId = context.awsRequestId;
    try {
      const facts = parseEvent(event);
      return facts ? await answer(toReadable(event, { ...facts, context })) : refuse(log);
    } catch (thrown) {
      log.problem('A request failed because of a bug', { requestId, cause: thrown });
      return toResult(200, toBugBody(requestId));
    }
  };
}

interface Invocation extends EventFacts {
  readonly context: LambdaContext;
}

type ReadableEvent = LambdaEvent & { readonly invocation: Invocation };

/** The library accepts only a router. */
function createBridge(app: RelayApp): Hono<{ Bindings: { event: ReadableEvent } }> {
  const bridge = new Hono<{ Bindings: { event: ReadableEvent } }>();
  bridge.onError((thrown) => Promise.reject(thrown));
  bridge.all('*', ({ req: { raw: request }, env }) => {
    const { address, ownPath, context } = env.event.invocation;
    if (!request.headers.has('x-request-id')) request.headers.set('x-request-id', context.awsRequestId);
    return app(request, {
      address,
      target: 'rawPath' in ownPath ? ownPath.rawPath : ownPath.path,
      signal: request.signal,
      timeLeftMs: Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS),
    });
  });
  return bridge;
}

/** The event for the library, after `parseEvent` has validated it. */
function toReadable(event: unknown, invocation: Invocation): ReadableEvent {
  // `Request` accepts no body with these methods.
  const body = /^(?:GET|HEAD)$/i.test(invocation.method) ? { body: null } : {};
  return { ...(event as LambdaEvent), ...invocation.ownPath, ...body, invocation };
}

function refuse(log: RelayLog): APIGatewayProxyResult {
  const reason = 'The event is not a valid HTTP request from API Gateway, a Function URL or a load balancer';
  const refusal: Refusal = { status: 400, reason };
  log.refused({ ...refusal, method: undefined, address: '' });
  return toResult(refusal.status, toProblemBody(refusal));
}

function toResult(statusCode: number, body: string): APIGatewayProxyResult {
  return { statusCode, headers: { ...ANSWER_HEADERS }, body, isBase64Encoded: false };
}
