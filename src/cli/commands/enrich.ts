import { PUBLIC_API_URL } from '../../config.ts';
import type { Plan } from '../../core/enrich.ts';
import { enrich, plan } from '../../core/enrich.ts';
import { createEnvelopeBuilder } from '../../core/envelope.ts';
import { CctError } from '../../core/errors.ts';
import type { Mode, Tally } from '../../core/ledger.ts';
import { count, createTally, toExitStatus, toLedgerRow } from '../../core/ledger.ts';
import type { Observable } from '../../core/observable.ts';
import type { Tracker } from '../../core/tracker.ts';
import { CallContext } from '../../relay/deadline.ts';
import { readInputs } from '../input/read-inputs.ts';
import { openTracker, resolveSource } from '../open-tracker.ts';
import { openFormat } from '../output/formats.ts';
import { openOutput } from '../output/output.ts';
import type { Output } from '../output/output.ts';
import { canShowProgress, noProgress, openProgress } from '../progress.ts';
import type { Progress } from '../progress.ts';
import type { Session } from '../session.ts';
import { CLOSED_PIPE_STATUS } from '../session.ts';
import { toSummary } from '../summary.ts';

const LOOKUPS_WITHOUT_YES = 1000;

/** `cct observe` and `cct deliberate`: reads observables, asks, prints. Resolves to the exit status. */
export async function runEnrich(
  session: Session,
  mode: Mode,
  files: readonly string[],
  given: readonly Observable[],
): Promise<number> {
  const { config, io, talk, signal } = session;
  const startedMs = io.now().getTime();
  const source = resolveSource(session);
  const observables = await readInputs({
    ...config,
    format: config.inputFormat,
    files,
    given,
    stdin: io.stdin,
    signal,
    onNothing: (name) => talk.note(`${name} holds no observables: nothing to ask`),
  });
  // Nothing leaves the house when a snapshot answers, so nothing needs to be kept back.
  const plans = [...plan(observables, { includePrivate: config.includePrivate || source === 'snapshot' })];
  if (config.dryRun) return printQuestions(session, plans, source);
  if (source === 'live') refuseTooMany(session, plans);

  const output = await openOutput(session);
  const tracker = await openTracker(session).catch(async (thrown: unknown) => {
    await output.discard();
    throw thrown;
  });
  try {
    const tally = await answer(session, mode, plans, tracker, output);
    if (tally === null) return CLOSED_PIPE_STATUS;
    talk.note(toSummary(tally, io.now().getTime() - startedMs));
    if (source === 'live' && tally.failed > 0)
      talk.note('To answer from a downloaded list instead: cct snapshot import FILE, then --offline');
    return toExitStatus(tally, config);
  } finally {
    tracker.close();
    await output.discard();
  }
}

/** Asks and prints; resolves to null when the reader of the output has gone. */
async function answer(
  session: Session,
  mode: Mode,
  plans: readonly Plan[],
  tracker: Tracker,
  output: Output,
): Promise<Tally | null> {
  const { config, io, signal, talk, colour } = session;
  const format = await openFormat(config.format, {
    mode,
    isDefanged: config.defang,
    isColoured: colour.stdout && config.output === undefined,
  });
  const problems = createEnvelopeBuilder(mode);
  const tally = createTally();
  const progress = await startProgress(session, plans.length);
  const context = new CallContext({ signals: [signal], deadlineMs: config.deadlineMs, now: () => io.now() });
  // A million answers from a list take a while, and none of them waits.
  context.watch();
  try {
    for await (const outcome of enrich(plans, { tracker, context })) {
      count(tally, outcome);
      const row = toLedgerRow(outcome, { mode, apiUrl: config.apiUrl });
      if (outcome.status === 'failed') {
        const { observable, status } = row;
        problems.add(row.error ? { observable, status, error: row.error } : { observable, status });
        const { rawExtract } = outcome.error;
        if (rawExtract !== undefined) talk.detail(`the answer about ${outcome.observable.value} was: ${rawExtract}`);
        talk.causes(outcome.error);
      }
      progress.update(tally);
      if (!(await output.write(format.add(row)))) return null;
    }
    progress.stop();
    for (const text of format.end()) if (!(await output.write(text))) return null;
    await output.commit();
  } finally {
    progress.stop();
    context.stop();
  }
  for (const { code, message } of problems.toEnvelope().errors) talk.problem(`${code}: ${message}`);
  return tally;
}

function startProgress({ io, config, colour }: Session, total: number): Promise<Progress> {
  // Rows or talk that go to the same terminal would be torn by a moving line.
  const isInTheWay = io.stdout.isTTY === true && config.output === undefined && config.format === 'ndjson';
  if (config.quiet || config.verbose || config.debug || isInTheWay || !canShowProgress(io)) return Promise.resolve(noProgress);
  return openProgress({ io, total, isColoured: colour.stderr });
}

/** The distinct lookup keys, in order. */
function keysOf(plans: readonly Plan[]): Set<string> {
  return new Set(plans.flatMap((planned) => ('question' in planned ? [planned.question.key] : [])));
}

async function printQuestions({ stdout, talk }: Session, plans: readonly Plan[], source: 'live' | 'snapshot'): Promise<number> {
  const keys = source === 'live' ? keysOf(plans) : new Set<string>();
  for (const key of keys) if (!(await stdout.write(`${key}\n`))) return CLOSED_PIPE_STATUS;
  talk.note(source === 'live' ? `${keys.size} lookups would be sent` : 'Nothing would be sent: a snapshot answers');
  return 0;
}

function refuseTooMany({ config }: Session, plans: readonly Plan[]): void {
  if (config.yes || new URL(config.apiUrl).hostname !== new URL(PUBLIC_API_URL).hostname) return;
  const lookups = keysOf(plans).size;
  if (lookups <= LOOKUPS_WITHOUT_YES) return;
  throw new CctError(
    'usage',
    `${lookups} lookups are a lot for one small site: answer them from a snapshot (cct snapshot import FILE, then --offline), or give --yes`,
  );
}
