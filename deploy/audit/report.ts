import * as z from 'zod/mini';

const severity = z.enum(['info', 'low', 'moderate', 'high', 'critical']);
const answeredSchema = z.object({
  metadata: z.object({ vulnerabilities: z.object({ high: z.number(), critical: z.number(), total: z.number() }) }),
  vulnerabilities: z.record(z.string(), z.object({ severity, range: z.string() })),
});
const refusedSchema = z.object({ message: z.string(), statusCode: z.optional(z.number()) });

/** The result of `npm audit --json`: the packages with advisories, or why there is none. */
export type AuditReport =
  | { readonly kind: 'answered'; readonly grave: readonly string[]; readonly total: number }
  /** The registry has no audits. */
  | { readonly kind: 'unanswered'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

// The statuses of a missing endpoint.
const HAS_NO_AUDITS = /^(?:404|405|501)\b/;

/** Reads the JSON of `npm audit`; `grave` has the packages with advisories of high or above. Unknown output is `failed`. */
export function readReport(stdout: string): AuditReport {
  const json = parseJson(stdout);
  const answered = answeredSchema.safeParse(json);
  if (answered.success) {
    const { vulnerabilities, metadata } = answered.data;
    const grave = Object.entries(vulnerabilities).filter(([, { severity: found }]) => found === 'high' || found === 'critical');
    const counted = metadata.vulnerabilities.high + metadata.vulnerabilities.critical;
    if (grave.length !== counted) return { kind: 'failed', why: `npm counts ${counted} grave ones and names ${grave.length}` };
    const lines = grave.map(([name, { severity: found, range }]) => `${name}${range === '' ? '' : ` ${range}`}: ${found}`);
    return { kind: 'answered', grave: lines, total: metadata.vulnerabilities.total };
  }
  const refused = refusedSchema.safeParse(json);
  if (!refused.success) return { kind: 'failed', why: `unknown output of npm audit: ${stdout.slice(0, 200)}` };
  const why = refused.data.message;
  return HAS_NO_AUDITS.test(String(refused.data.statusCode ?? why)) ? { kind: 'unanswered', why } : { kind: 'failed', why };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
