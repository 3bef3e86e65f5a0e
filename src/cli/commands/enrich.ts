import { stat } from 'node:fs/promises';
import { formatCount } from '../../core/amount.ts';
import type { Outcome } from '../../core/enrich.ts';
import { enrich } from '../../core/enrich.ts';
import type { EnvelopeBuilder } from '../../core/envelope.ts';
import { createEnvelopeBuilder } from '../../core/envelope.ts';
import { CctError } from '../../core/errors.ts';
import type { LedgerRow, Mode, Tally } from '../../core/ledger.ts';
import { count, createTally, toExitStatus, toLedgerRow } from '../../core/ledger.ts';
import type { Observable } from '../../core/observable.ts';
import type { Plan } from '../../core/plan.ts';
import type { Tracker } from '../../core/tracker.ts';
import { CallContext } from '../../core/call.ts';
import type { Inputs } from '../input/read-inputs.ts';
import { openInputs } from '../input/read-inputs.ts';
import { installedPath } from '../../wiring/open-snapshot.ts';
import { openBatchTracker, openRules, resolveSource } from '../../wiring/open-tracker.ts';
import type { Format } from '../output/format.ts';
import { openFormat } from '../output/formats.ts';
import { openOutput } from '../output/output.ts';
import type { Output } from '../output/output.ts';
import { planAll, printQuestions } from '../input/plan-inputs.ts';
import { canShowProgress, noProgress, openProgress } from '../progress.ts';
import type { Progress } from '../progress.ts';
import type { Session } from '../session.ts';
import { CLOSED_PIPE_STATUS } from '../session.ts';
import { toSummary } from '../output/summary.ts';
import { createOutcomeSink } from './outcome-sink.ts';

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
  const rules = await openRules(session);
  const inputs = await openInputs({
    ...config,
    format: config.inputFormat,
    files,
    given,
    stdin: io.stdin,
    signal,
    onNothing: (name) => talk.note(`${name}: no observables found`),
  });
  try {
    if (config.dryRun) return await printQuestions(session, inputs, { rules, source });
    const plans = planAll(session, inputs, { rules, source });
    return await askAndPrint(session, { mode, total: inputs.total, hasGiven: given.length > 0, plans, startedMs });
  } finally {
    inputs.close();
  }
}

interface Job {
  readonly mode: Mode;
  readonly total: Inputs['total'];
  /** Whether values were given as flags. */
  readonly hasGiven: boolean;
  readonly plans: AsyncIterable<Iterable<Plan>>;
  readonly startedMs: number;
}

async function askAndPrint(session: Session, job: Job): Promise<number> {
  const { config, io, talk } = session;
  const output = await openOutput(session);
  const tracker = await openBatchTracker(session, talk, { isStream: job.total === undefined }).catch(async (thrown: unknown) => {
    await output.discard();
    throw thrown;
  });
  try {
    const answered = await answer(session, job, tracker, output);
    if (answered === null) return CLOSED_PIPE_STATUS;
    const { tally, broken, skipped } = answered;
    // Printed with -q too: an empty answer looks like an answer about the named value.
    if (job.hasGiven && tally.skipped > 0 && tally.listed + tally.unlisted + tally.failed === 0) {
      talk.problem(`nothing was looked up: ${describeSkipped(skipped, tally.skipped)}`);
    }
    talk.note(toSummary(tally, io.now().getTime() - job.startedMs));
    const hint = tally.failed > 0 ? await findSnapshotHint(session, tally) : undefined;
    if (hint !== undefined) talk.note(hint);
    if (broken) throw broken;
    return toExitStatus(tally, config);
  } finally {
    await tracker.close();
    await output.discard();
  }
}

/** How a list that was not used could answer what failed; undefined where none could. */
async function findSnapshotHint(session: Session, { failedBy }: Tally): Promise<string | undefined> {
  const source = resolveSource(session);
  if (source === 'snapshot' || [...failedBy].every((code) => code === 'interrupted')) return undefined;
  const isInstalled = (await stat(installedPath(session.io)).catch(() => undefined)) !== undefined;
  if (isInstalled) return source === 'live' ? 'use --offline to query the installed list' : undefined;
  return 'no list installed: cct snapshot import FILE, or cct snapshot update when the tracker is reachable; then use --offline';
}

function describeSkipped(skipped: readonly SkippedOutcome[], count: number): string {
  const reasons = skipped.map(({ observable, skip, detail }) => `${observable.value}: ${skip}: ${detail}`);
  return [...reasons, ...(count > skipped.length ? [`${formatCount(count - skipped.length)} more skipped`] : [])].join('; ');
}

type SkippedOutcome = Extract<Outcome, { status: 'skipped' }>;

// More would fill the terminal.
const MAX_NAMED_SKIPS = 5;

interface Answered {
  readonly tally: Tally;
  /** The first that were skipped. */
  readonly skipped: readonly SkippedOutcome[];
  /** What was wrong with a stream, which ended there; what was answered before that is not lost. */
  readonly broken: CctError | undefined;
}

/** Asks and prints; resolves to null when the reader of the output has gone. A file that would not be whole is not written. */
async function answer(session: Session, { mode, total, plans }: Job, tracker: Tracker, output: Output): Promise<Answered | null> {
  const { config, io, signal, talk, colour } = session;
  const format = await openFormat(config.format, {
    mode,
    isDefanged: config.defang,
    isColoured: colour.stdout && config.output === undefined,
  });
  const problems = createEnvelopeBuilder(mode);
  const warnings = createEnvelopeBuilder(mode);
  const print = createPrinter(session, { mode, format, problems, warnings });
  const tally = createTally();
  const skipped: SkippedOutcome[] = [];
  const seen = createTally();
  const progress = await startProgress(session, total);
  const context = new CallContext({ signals: [signal], deadlineMs: config.deadlineMs, now: () => io.now() });
  // A million answers from a list take a while, and none of them waits.
  context.watch();
  const write = async (outcomes: readonly Outcome[]): Promise<boolean> => {
    for (const outcome of outcomes) {
      count(tally, outcome);
      if (outcome.status === 'skipped' && skipped.length < MAX_NAMED_SKIPS) skipped.push(outcome);
    }
    return output.write(print(outcomes));
  };
  const sink = createOutcomeSink({ write, isStreaming: format.isStreaming && output.isStreaming, tracker, context });
  let broken: CctError | undefined;
  try {
    for await (const outcomes of enrich(plans, { tracker, context })) {
      for (const outcome of outcomes) count(seen, outcome);
      progress.update(seen);
      if (!(await sink.add(outcomes))) return null;
    }
  } catch (thrown) {
    const hasAnswers = seen.listed + seen.unlisted + seen.skipped + seen.failed > 0;
    if (!(thrown instanceof CctError) || !hasAnswers) throw thrown;
    // The exit status tells of the signal, and what was read is whole.
    if (thrown.code === 'interrupted') talk.note('interrupted: the rest of the input was not read');
    else broken = thrown;
  } finally {
    progress.stop();
  }
  if (!(await sink.end().finally(() => context.stop()))) return null;
  for (const text of format.end()) if (!(await output.write(text))) return null;
  if (!broken) await output.commit();
  for (const { code, message } of warnings.toEnvelope().errors) talk.note(`${code}: ${message}`);
  for (const { code, message } of problems.toEnvelope().errors) talk.problem(`${code}: ${message}`);
  return { tally, skipped, broken };
}

interface PrinterParts {
  readonly mode: Mode;
  readonly format: Format;
  /** Takes what failed. */
  readonly problems: EnvelopeBuilder;
  /** Takes what must be told of answers. */
  readonly warnings: EnvelopeBuilder;
}

/** Turns outcomes into what can be printed of them at once. */
function createPrinter({ config, talk }: Session, { mode, format, problems, warnings }: PrinterParts) {
  const { apiUrl, only } = config;
  const noteProblem = (outcome: Outcome, { observable, status, error }: LedgerRow): void => {
    if (error) (status === 'failed' ? problems : warnings).add({ observable, status, error });
    if (outcome.status !== 'failed') return;
    const { rawExtract } = outcome.error;
    if (rawExtract !== undefined) talk.detail(`the answer for ${observable.value} was: ${rawExtract}`);
    talk.causes(outcome.error);
  };
  return (outcomes: readonly Outcome[]): string => {
    let text = '';
    for (const outcome of outcomes) {
      const isWanted = only === undefined || only.includes(outcome.status);
      if (!isWanted && outcome.status !== 'failed') continue;
      const row = toLedgerRow(outcome, { mode, apiUrl });
      if (row.error) noteProblem(outcome, row);
      if (isWanted) text += format.add(row);
    }
    return text;
  };
}

function startProgress({ io, config, colour }: Session, total: number | undefined): Promise<Progress> {
  // Rows or talk that go to the same terminal would be torn by a moving line.
  const isInTheWay = io.stdout.isTTY === true && config.output === undefined && ['ndjson', 'csv'].includes(config.format);
  if (config.quiet || config.verbose || config.debug || isInTheWay || !canShowProgress(io)) return Promise.resolve(noProgress);
  return openProgress({ io, total, isColoured: colour.stderr });
}
