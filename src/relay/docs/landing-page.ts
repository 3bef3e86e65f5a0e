import { createHash } from 'node:crypto';
// Renamed, because Prettier would indent an `html` template and so change the style whose hash is in the policy.
import { html as markup, raw } from 'hono/html';
import * as z from 'zod/mini';
import type { Endpoint } from '../endpoints.ts';

/** The source of answers. `list_date` is the date of the snapshot that answers or is the fallback of `auto`, or null. */
export const sourceSchema = z.strictObject({
  answers: z.enum(['auto', 'live', 'snapshot']),
  list_date: z.nullable(z.string().check(z.regex(/^\d{4}-\d\d-\d\d$/))),
});

/** The landing page for programs. */
export const landingSchema = z.strictObject({
  name: z.literal('cct'),
  description: z.string(),
  version: z.string(),
  source: sourceSchema,
  needs_token: z.boolean(),
  endpoints: z.array(z.strictObject({ method: z.enum(['GET', 'POST']), path: z.string(), summary: z.string() })),
});

export type SourceFacts = z.infer<typeof sourceSchema>;
export type Landing = z.infer<typeof landingSchema>;

export interface LandingOptions {
  readonly version: string;
  /** The endpoints of this relay. */
  readonly endpoints: readonly Pick<Endpoint, 'method' | 'path' | 'summary'>[];
  readonly source: SourceFacts;
  /** Whether the relay requires tokens. */
  readonly hasToken: boolean;
}

const CTIM_URL = 'https://github.com/threatgrid/ctim';

/** Describes the relay in one sentence. */
export const RELAY_DESCRIPTION =
  'A relay for Cisco Threat Response and XDR. It looks up IPs, URLs and (snapshot only) domains in CyberCrime Tracker, a list of malware control panels.';

/** The landing page for programs. */
export function toLandingJson({ version, endpoints, source, hasToken }: LandingOptions): Landing {
  return {
    name: 'cct',
    description: RELAY_DESCRIPTION,
    version,
    source,
    needs_token: hasToken,
    endpoints: endpoints.map(({ method, path, summary }) => ({ method, path, summary })),
  };
}

export interface LandingPageOptions extends LandingOptions {
  /** The relay's URL in the example, without a trailing slash: the origin of the request. Default `http://127.0.0.1:9090`. */
  readonly baseUrl?: string;
}

const STYLE = `
:root { color-scheme: light dark; --soft: #5c6370; --line: #d5d9e0; --tint: #f3f5f8; --link: #0b57d0; }
@media (prefers-color-scheme: dark) { :root { --soft: #a4abb6; --line: #3a4049; --tint: #22262c; --link: #8ab4f8; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 3rem; max-width: 50rem; font: 1rem/1.55 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; }
h1 small { font-size: 1rem; font-weight: 400; color: var(--soft); }
h2 { margin: 2rem 0 0.5rem; font-size: 1.1rem; }
a { color: var(--link); }
code, pre { font: 0.875rem/1.5 ui-monospace, monospace; }
pre { margin: 0; padding: 0.875rem 1rem; overflow-x: auto; background: var(--tint); border: 1px solid var(--line); border-radius: 0.375rem; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.5rem 1rem 0.5rem 0; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--soft); font-size: 0.875rem; }
td:nth-child(-n+2) { white-space: nowrap; }
@media (max-width: 36rem) {
  thead { position: absolute; clip-path: inset(50%); }
  tr { display: block; padding: 0.5rem 0; border-bottom: 1px solid var(--line); }
  td { display: inline; padding: 0 0.25rem 0 0; border: 0; }
  td:last-child { display: block; color: var(--soft); }
}
`;

/** The landing page for browsers: HTML without scripts or links to other sites. All values are escaped. */
export async function toLandingPage(options: LandingPageOptions): Promise<string> {
  const { version, endpoints, hasToken, source, baseUrl = 'http://127.0.0.1:9090' } = options;
  const rows = endpoints.map(
    ({ method, path, summary }) =>
      markup`<tr><td><code>${method}</code></td><td><code>${path}</code></td><td>${summary}</td></tr>\n`,
  );
  const page = await markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>cct ${version}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<h1>cct <small>${version}</small></h1>
<p>${RELAY_DESCRIPTION}</p>
<p>${describeSource(source)} ${hasToken ? 'Requests need a token.' : 'Requests need no token.'}</p>
<h2>Endpoints</h2>
<table>
<thead><tr><th scope="col">Method</th><th scope="col">Path</th><th scope="col">Description</th></tr></thead>
<tbody>
${rows}</tbody>
</table>
<h2>Example</h2>
<pre tabindex="0"><code>${toExample(baseUrl, hasToken)}</code></pre>
<p>Documentation: <a href="/openapi.json">this API</a> (OpenAPI 3.1), <a href="${CTIM_URL}" rel="noreferrer">CTIM</a> (the answers), and the pages in docs that come with cct.</p>
</main>
</body>
</html>
`;
  return page.toString();
}

function describeSource({ answers, list_date: date }: SourceFacts): string {
  if (answers === 'snapshot') return `Answers come from a list of ${date ?? 'unknown date'}.`;
  if (answers === 'live') return 'Answers come from the live tracker.';
  return `Answers come from the live tracker${date === null ? '; no list is installed as a fallback' : `, with a list of ${date} as a fallback`}.`;
}

function toExample(baseUrl: string, hasToken: boolean): string {
  return [
    `curl -s ${baseUrl}/observe/observables \\`,
    ...(hasToken ? ['  -H "Authorization: Bearer $TOKEN" \\'] : []),
    "  -H 'Content-Type: application/json' \\",
    `  -d '[{"type": "ip", "value": "192.0.2.1"}]'`,
  ].join('\n');
}

/** The `Content-Security-Policy` of the page: allows only its own style, by hash; no frames, no forms. */
export function toLandingPolicy(): string {
  const hash = createHash('sha256').update(STYLE).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
