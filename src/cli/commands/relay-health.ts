import type { Config } from '../../config.ts';
import { flagName, parseBaseUrl, trackerSettings } from '../../config.ts';
import type { RelayError } from '../../core/errors.ts';
import { CctError, toCctError } from '../../core/errors.ts';
import { parseJson } from '../../core/json-text.ts';
import { toSafeJson } from '../../core/safe-text.ts';
import { withTimeout } from '../../tracker/cancellation.ts';
import { openAgents } from '../../tracker/live/agents.ts';
import type { HttpReply } from '../../tracker/live/transport.ts';
import { createTransport } from '../../tracker/live/transport.ts';
import type { Session } from '../session.ts';
import { CLOSED_PIPE_STATUS } from '../session.ts';

const MAX_BODY_BYTES = 64 * 1024;
// Given back by a relay; anything else that answers there does not know it.
const ECHO = 'cct-health';
const BAD_STATUS = 4;

/**
 * `cct health --relay URL`: whether a relay answers, by its `GET /watchdog`, within `--timeout`. The tracker is not asked: that it is down
 * is no reason to start a relay anew. Resolves to the exit status, 0 or 4; rejects with `usage` for what is no URL of a relay, and for flags
 * that are about the tracker.
 */
export async function runRelayHealth(session: Session, relay: string): Promise<number> {
  const url = new URL('watchdog', parseBaseUrl('--relay', relay));
  refuseWithoutEffect(session);
  const problem = await findProblem(session, url);
  const error: RelayError = { type: 'fatal', code: 'health check failed', message: problem?.message ?? '' };
  const answer = problem ? { errors: [error] } : { data: { status: 'ok' } };
  if (!(await session.stdout.write(`${toSafeJson(answer)}\n`))) return CLOSED_PIPE_STATUS;
  if (!problem) return 0;
  session.talk.problem(`${error.code}: ${error.message}`);
  session.talk.causes(problem);
  return BAD_STATUS;
}

function refuseWithoutEffect({ origins }: Pick<Session, 'origins'>): void {
  for (const name of Object.keys(trackerSettings) as (keyof typeof trackerSettings & keyof Config)[]) {
    if (name === 'timeoutMs' || origins[name] !== 'flag') continue;
    throw new CctError('usage', `--${flagName(trackerSettings[name])} has no effect with --relay: the tracker is not queried`);
  }
}

async function findProblem(session: Session, url: URL): Promise<CctError | null> {
  try {
    const { status, body } = await ask(session, url);
    if (status !== 200) return new CctError('unexpected-answer', `${url.href} answered ${status}, not 200`);
    if (isEcho(body)) return null;
    return new CctError('unintelligible', `What answers at ${url.href} is no relay: it did not give Health-Check back`);
  } catch (thrown) {
    const error = toCctError(thrown);
    if (error.code === 'interrupted' || error.code === 'internal') throw error;
    // The transport speaks of the one host that it was made for.
    return new CctError(error.code, error.message.replace(/\bthe tracker\b/gi, `the relay at ${url.host}`), { cause: thrown });
  }
}

async function ask({ config, signal, version }: Session, url: URL): Promise<HttpReply> {
  // No proxy: one that answers says nothing of the relay behind it.
  const agents = await openAgents(url, { proxyFor: () => '', maxSockets: 1, trace: () => undefined });
  try {
    const transport = createTransport({
      agentFor: agents.agentFor,
      userAgent: `cct/${version}`,
      maxBodyBytes: MAX_BODY_BYTES,
    });
    const { timeoutMs } = config;
    const onTimeout = () => new CctError('unavailable', `The tracker did not answer within ${timeoutMs} ms`);
    return await withTimeout({ signal, timeoutMs, onTimeout }, (whole) =>
      transport.get(url, { cookie: '', signal: whole, headers: { 'Health-Check': ECHO } }),
    );
  } finally {
    agents.close();
  }
}

function isEcho(body: string): boolean {
  const answer = parseJson(body);
  return typeof answer === 'object' && answer !== null && 'data' in answer && answer.data === ECHO;
}
