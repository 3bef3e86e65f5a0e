import type { Command } from 'commander';
import type { Config } from '../../config.ts';
import { flagName, parseBaseUrl, trackerSettings } from '../../config.ts';
import { startCall } from '../../core/lookups/call.ts';
import type { RelayError } from '../../core/errors.ts';
import { CctError, exitStatusByCode, toRelayError } from '../../core/errors.ts';
import { checkHealth } from '../../core/lookups/health.ts';
import { toSafeJson } from '../../core/safe-text.ts';
import { findRelayProblem } from '../../wiring/relay/check-relay.ts';
import { openTracker } from '../../wiring/open-tracker.ts';
import { resolveSource } from '../../wiring/resolve-source.ts';
import type { Run } from '../program/command.ts';
import { addSettings } from '../program/command.ts';
import type { Session } from '../session.ts';
import { print } from '../session.ts';

const BAD_RELAY_STATUS = 4;

/** `cct health`, for the tracker or a relay. */
export function declare(command: Command): Run {
  command.option('--relay <url>', 'check this relay instead of the tracker; no proxy is used');
  addSettings(command, { Tracker: trackerSettings });
  return (session, { relay }: { readonly relay?: string }) =>
    relay === undefined ? checkTracker(session) : checkRelay(session, relay);
}

async function checkTracker(session: Session): Promise<number> {
  const { config, io, signal, talk } = session;
  const tracker = await openTracker(session, talk, { source: resolveSource(session) });
  const call = startCall({ signals: [signal], deadlineMs: config.deadlineMs, monotonicMs: () => io.monotonicMs() });
  try {
    const error = await checkHealth(tracker, call);
    if (!error) return await report(session, 0);
    return await report(session, exitStatusByCode[error.code], error, toRelayError(error));
  } finally {
    call.stop();
    await tracker.close();
  }
}

/** Checks that a relay answers within `--timeout`, without querying the tracker. */
async function checkRelay(session: Session, relay: string): Promise<number> {
  const url = parseBaseUrl('--relay', relay);
  refuseWithoutEffect(session);
  const problem = await findRelayProblem(session, url, session.signal);
  if (!problem) return report(session, 0);
  return report(session, BAD_RELAY_STATUS, problem, { type: 'fatal', code: 'health check failed', message: problem.message });
}

function refuseWithoutEffect({ origins }: Pick<Session, 'origins'>): void {
  for (const name of Object.keys(trackerSettings) as (keyof typeof trackerSettings & keyof Config)[]) {
    if (name === 'timeoutMs' || origins[name] !== 'flag') continue;
    throw new CctError('usage', `--${flagName(trackerSettings[name])} has no effect with --relay: the tracker is not queried`);
  }
}

/** Prints the result, and the problem if there is one. Resolves to the status, or to that of a closed pipe. */
async function report(session: Session, status: number, problem?: CctError, error?: RelayError): Promise<number> {
  const { talk } = session;
  const answer = error ? { errors: [error] } : { data: { status: 'ok' } };
  const printed = await print(session, `${toSafeJson(answer)}\n`);
  if (printed !== 0 || !problem || !error) return printed;
  if (problem.rawExtract !== undefined) talk.detail(`the answer was: ${problem.rawExtract}`);
  talk.problem(problem.code === 'interrupted' ? problem.message : `${error.code}: ${problem.message}`);
  talk.causes(problem);
  return status;
}
