import { problemSchema } from '../../src/relay/docs/openapi-schemas.ts';
import { openRaw } from '../helpers/serve.ts';

/** Sends bytes and reads what comes until the connection is closed. */
export async function exchange(port: number, bytes: string): Promise<string> {
  const raw = openRaw(port);
  raw.send(bytes);
  return raw.received();
}

/** The status, headers and problem of an answer. */
export function parseAnswer(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const [line = '', ...headers] = head.split('\r\n');
  return { line, headers, problem: problemSchema.parse(JSON.parse(body)) };
}

/** The beginning of a request to observe. */
export const POST = 'POST /observe/observables HTTP/1.1\r\nHost: relay.example\r\n';
