import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { listenOnLoopback } from '../helpers/loopback-server.ts';

/** The result of an invocation. */
export interface Outcome {
  readonly kind: 'response' | 'error';
  readonly body: unknown;
}

/** The part of the Runtime API (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html) that the client uses. */
export interface RuntimeApi {
  /** `127.0.0.1:<port>`, for `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string;
  /** Sends the client an event with a timeout; resolves to the result. */
  invoke(event: unknown, options?: { readonly id?: string; readonly timeoutMs?: number }): Promise<Outcome>;
  /** Resolves to the error of a client that cannot load the handler. */
  readonly initError: Promise<unknown>;
  /** Rejects the pending invocations. */
  abandon(why: string): void;
}

interface Invocation {
  readonly id: string;
  readonly event: unknown;
  readonly timeoutMs: number;
  readonly settle: (outcome: Outcome) => void;
  readonly reject: (why: Error) => void;
}

const PREFIX = '/2018-06-01/runtime';

/** Starts a Runtime API until the test ends. */
export async function startRuntimeApi(): Promise<RuntimeApi> {
  const queued: Invocation[] = [];
  const handedOut = new Map<string, Invocation>();
  let waiting: ServerResponse | undefined;
  let tellInitError: (error: unknown) => void = () => undefined;
  const initError = new Promise<unknown>((resolve) => (tellInitError = resolve));
  let invocations = 0;

  const handOut = () => {
    if (!waiting) return;
    const next = queued.shift();
    if (!next) return;
    handedOut.set(next.id, next);
    waiting.writeHead(200, {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': next.id,
      'Lambda-Runtime-Deadline-Ms': String(Date.now() + next.timeoutMs),
      'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:us-east-1:123456789012:function:relay',
    });
    waiting.end(JSON.stringify(next.event));
    waiting = undefined;
  };
  const server = createServer((request, response) => {
    const { url = '' } = request;
    if (url === `${PREFIX}/invocation/next`) {
      waiting = response;
      handOut();
      return;
    }
    void readJson(request).then((body) => {
      response.writeHead(202).end();
      const [, id = '', kind] = /^\/2018-06-01\/runtime\/invocation\/([\w-]+)\/(response|error)$/.exec(url) ?? [];
      if (kind === 'response' || kind === 'error') handedOut.get(id)?.settle({ kind, body });
      if (url === `${PREFIX}/init/error`) tellInitError(body);
    });
  });
  const listening = await listenOnLoopback(server);
  onTestFinished(() => listening.close());
  return {
    address: `127.0.0.1:${listening.port}`,
    initError,
    abandon(why) {
      for (const { reject } of [...queued, ...handedOut.values()]) reject(new Error(why));
    },
    invoke: (event, { id = `invocation-${(invocations += 1)}`, timeoutMs = 30_000 } = {}) =>
      new Promise((settle, reject) => {
        queued.push({ id, event, timeoutMs, settle, reject });
        handOut();
      }),
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
}
