import type { Config } from '../../config.ts';
import { flagName, parseBaseUrl, trackerSettings } from '../../config.ts';
import type { RelayError } from '../../core/errors.ts';
import { CctError } from '../../core/errors.ts';
import { toSafeJson } from '../../core/safe-text.ts';
import { findRelayProblem } from '../../wiring/check-relay.ts';
import type { Session } from '../session.ts';
import { CLOSED_PIPE_STATUS } from '../session.ts';

const BAD_STATUS = 4;

/**
 * `cct health --relay URL`: checks that a relay answers `GET /watchdog` within `--timeout`; the tracker is not queried. Resolves to the
 * exit status, 0 or 4; rejects with `usage` for another URL and for flags without effect.
 */
export async function runRelayHealth(session: Session, relay: string): Promise<number> {
  const url = parseBaseUrl('--relay', relay);
  refuseWithoutEffect(session);
  const problem = await findRelayProblem(session, url, session.signal);
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
