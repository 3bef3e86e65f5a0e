import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { parseJson } from '../../src/core/json-text.ts';
import { listenOnLoopback } from './loopback-server.ts';
import { moduleTypeSchema } from './module-type-schema.ts';
import { signHs256 } from './tokens.ts';

/** The part of the platform that registering a relay needs: OAuth, module types, instances, and their health. */
export interface FakePlatform {
  readonly url: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The password of the client on the page. */
export const CLIENT_PASSWORD = 'the-password_of-the-client';
const CLIENT_ID = 'client-00000000-0000-0000-0000-000000000000';
const CREDENTIALS = `Basic ${btoa(`${CLIENT_ID}:${CLIENT_PASSWORD}`)}`;
const ACCESS_TOKEN = 'access-token';
const instanceSchema = z.strictObject({
  name: z.string(),
  module_type_id: z.uuid(),
  visibility: z.enum(['org', 'user']),
  settings: z.optional(z.record(z.string(), z.json())),
});

/** Starts a platform that reaches the relay of each module type at `relayUrl()`. */
export async function startFakePlatform(relayUrl: () => string): Promise<FakePlatform> {
  const types = new Map<string, z.infer<typeof moduleTypeSchema>>();
  const instances = new Map<string, z.infer<typeof instanceSchema>>();

  /** The platform's health check, with a token that it signs. */
  async function checkHealth(id: string): Promise<Answer> {
    const instance = instances.get(id);
    const type = types.get(instance?.module_type_id ?? '');
    if (!instance || !type) return { status: 404, body: { error: 'not_found' } };
    const { 'configuration-token-key': key, 'configuration-token-audience': aud } = z.parse(
      z.record(z.string(), z.unknown()),
      type.properties,
    );
    const token = signHs256({ aud, exp: Math.floor(Date.now() / 1000) + 60 }, String(key));
    const response = await fetch(`${relayUrl()}/health`, { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
    const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
    const names = { module: instance.name, module_instance_id: id, module_type_id: instance.module_type_id };
    return { status: 200, body: { ...(data ? { data: { ...names, data } } : {}), ...(errors ? { errors } : {}) } };
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { method, url = '', headers } = request;
    const body = await text(request);
    if (url === '/iroh/oauth2/token') {
      const isGood = method === 'POST' && headers.authorization === CREDENTIALS && body === 'grant_type=client_credentials';
      return isGood
        ? { status: 200, body: { access_token: ACCESS_TOKEN, expires_in: 600 } }
        : { status: 401, body: { error: 'invalid_client' } };
    }
    if (headers.authorization !== `Bearer ${ACCESS_TOKEN}`) return { status: 401, body: { error: 'invalid_request' } };
    const all = { '/iroh/iroh-int/module-type': types, '/iroh/iroh-int/module-instance': instances }[url];
    if (method === 'GET' && all) return { status: 200, body: [...all].map(([id, value]) => ({ id, ...value })) };
    if (method !== 'POST') return { status: 405, body: { error: 'method_not_allowed' } };
    const [, id] = /^\/iroh\/iroh-enrich\/health\/(.+)$/.exec(url) ?? [];
    if (id !== undefined) return checkHealth(id);
    if (headers['content-type'] !== 'application/json') return { status: 400, body: { error: 'bad_request' } };
    const isType = url === '/iroh/iroh-int/module-type';
    const { success, data } = isType ? store(types, moduleTypeSchema, body) : store(instances, instanceSchema, body);
    return success ? { status: isType ? 201 : 200, body: data } : { status: 400, body: { error: 'bad_request' } };
  }

  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  const listening = await listenOnLoopback(server);
  return { url: `http://127.0.0.1:${listening.port}`, close: () => listening.close() };
}

function store<Value extends object>(all: Map<string, Value>, schema: z.ZodMiniType<Value>, body: string) {
  const { success, data } = z.safeParse(schema, parseJson(body));
  if (!success) return { success };
  const id = crypto.randomUUID();
  all.set(id, data);
  return { success, data: { id, ...data } };
}
