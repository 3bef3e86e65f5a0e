import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import * as z from 'zod/mini';
import { listenOnLoopback } from '../helpers/loopback-server.ts';
import { ctimBundleSchema } from './ctim-schema.ts';

const MAX_ENTITIES = 100;
const resultSchema = z.object({
  results: z.array(z.object({ id: z.string(), original_id: z.string(), result: z.enum(['created', 'exists', 'error']) })),
});

/**
 * A CTIA that imports bundles until the test ends. An entity exists when it has an external id with the prefix of the request that an
 * earlier one had; any other is created. References must lead to entities of the bundle. More than 100 entities of a kind are refused.
 */
export async function startImportServer() {
  const idByExternalId = new Map<string, string>();
  const links = new Set<string>();
  let total = 0;
  const importBundle = (bundle: z.infer<typeof ctimBundleSchema>, prefix: string | null) => {
    const idByTransientId = new Map<string, string>();
    const store = ({ id, external_ids: externalIds }: { readonly id: string; readonly external_ids: readonly string[] }) => {
      const own = externalIds.filter((each) => prefix !== null && each.startsWith(prefix));
      const known = own.map((each) => idByExternalId.get(each)).find((each) => each !== undefined);
      if (known === undefined) total += 1;
      const stored = known ?? `https://ctia.example/${total}`;
      for (const each of own) idByExternalId.set(each, stored);
      idByTransientId.set(id, stored);
      return { id: stored, original_id: id, result: known === undefined ? 'created' : 'exists', external_ids: externalIds };
    };
    const results = [...bundle.judgements, ...bundle.indicators].map(store);
    for (const relationship of bundle.relationships) {
      const ends = [relationship.source_ref, relationship.target_ref].map((ref) => idByTransientId.get(ref));
      if (ends.includes(undefined)) throw new Error(`${relationship.id} refers to nothing`);
      links.add(ends.join(' '));
      results.push(store(relationship));
    }
    return { results };
  };
  const answer = async (request: IncomingMessage): Promise<[status: number, body: unknown]> => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://ctia.example');
    const bundle = z.safeParse(ctimBundleSchema, await json(request));
    if (request.method !== 'POST' || pathname !== '/ctia/bundle/import') return [404, {}];
    if (!bundle.success) return [400, { error: z.prettifyError(bundle.error) }];
    const { judgements, indicators, relationships } = bundle.data;
    if ([judgements, indicators, relationships].some(({ length }) => length > MAX_ENTITIES)) return [400, { error: 'too large' }];
    return [200, importBundle(bundle.data, searchParams.get('external-key-prefixes'))];
  };
  const server = createServer((request, response) => {
    answer(request).then(
      ([status, body]) => void response.writeHead(status).end(JSON.stringify(body)),
      (error: unknown) => void response.writeHead(500).end(String(error)),
    );
  });
  const listening = await listenOnLoopback(server);
  onTestFinished(() => listening.close());
  return {
    /** How many entities it has. */
    count: () => total,
    /** Its Judgements and their Indicators, as pairs of ids. */
    links: () => [...links],
    /** Imports each line; resolves to the statuses, and to how often each result came. */
    async import(text: string, query = '?external-key-prefixes=cybercrime-tracker-') {
      const [statuses, counts] = [new Set<number>(), new Map<string, number>()];
      for (const body of text.trimEnd().split('\n')) {
        const response = await fetch(`http://127.0.0.1:${listening.port}/ctia/bundle/import${query}`, { method: 'POST', body });
        statuses.add(response.status);
        const { results } = response.ok ? z.parse(resultSchema, await response.json()) : { results: [] };
        for (const { result } of results) counts.set(result, (counts.get(result) ?? 0) + 1);
      }
      return { statuses: [...statuses], results: Object.fromEntries(counts) };
    },
  };
}
