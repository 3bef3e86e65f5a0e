import type { IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import { request as sendHttp } from 'node:http';
import { request as sendHttps } from 'node:https';

/** An answer as it came, without any redirect followed. */
export interface PlainReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Node's own options, and those of TLS. */
export interface PlainOptions extends RequestOptions {
  readonly ca?: string;
}

/** Requests `target`, sent as it stands, and reads the whole answer; rejects when it is cut short. On its own connection by default. */
export async function ask(base: string, target: string, options: PlainOptions = {}): Promise<PlainReply> {
  const { protocol, hostname, port } = new URL(base);
  const send = protocol === 'https:' ? sendHttps : sendHttp;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = send({ hostname, port, path: target, agent: false, ...options }, resolve);
    request.once('error', reject);
    request.end();
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer) {
    if (chunk instanceof Uint8Array) chunks.push(chunk);
  }
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString('latin1') };
}
