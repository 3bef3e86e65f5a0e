import { exitStatusByCode, toRelayError } from '../../core/errors.ts';
import { checkHealth } from '../../core/health.ts';
import { toSafeJson } from '../../core/safe-text.ts';
import { startCall } from '../../core/call.ts';
import { openTracker } from '../../wiring/open-tracker.ts';
import { resolveSource } from '../../wiring/resolve-source.ts';
import type { Session } from '../session.ts';
import { CLOSED_PIPE_STATUS } from '../session.ts';

/** `cct health`: check that the tracker is reachable. Resolves to the exit status. */
export async function runHealth(session: Session): Promise<number> {
  const { config, io, signal, stdout, talk } = session;
  const tracker = await openTracker(session, talk, { source: resolveSource(session) });
  const call = startCall({ signals: [signal], deadlineMs: config.deadlineMs, monotonicMs: () => io.monotonicMs() });
  try {
    const error = await checkHealth(tracker, call);
    const answer = error ? { errors: [toRelayError(error)] } : { data: { status: 'ok' } };
    if (!(await stdout.write(`${toSafeJson(answer)}\n`))) return CLOSED_PIPE_STATUS;
    if (!error) return 0;
    if (error.rawExtract !== undefined) talk.detail(`the answer was: ${error.rawExtract}`);
    talk.problem(`${toRelayError(error).code}: ${error.message}`);
    talk.causes(error);
    return exitStatusByCode[error.code];
  } finally {
    call.stop();
    await tracker.close();
  }
}
