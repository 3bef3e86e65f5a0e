import { stat } from 'node:fs/promises';
import { toAmount } from '../../core/amount.ts';
import { startCall } from '../../core/call.ts';
import { holdUntilConfirmed } from '../../core/confirm.ts';
import { enrich } from '../../core/enrich.ts';
import { CctError, exitStatusByCode } from '../../core/errors.ts';
import type { Mode, Tally } from '../../core/ledger.ts';
import { count, createTally, createTimeWriter, toExitStatus, toLedgerRow, totalOf } from '../../core/ledger.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { PlanRules } from '../../core/plan.ts';
import type { Tracker } from '../../core/tracker.ts';
import type { Warninglists } from '../../core/warninglists.ts';
import { installedPath } from '../../wiring/open-snapshot.ts';
import { openBatchTracker, openRules } from '../../wiring/open-tracker.ts';
import type { ChosenSource } from '../../wiring/resolve-source.ts';
import { resolveSource } from '../../wiring/resolve-source.ts';
import type { Changes } from '../changes.ts';
import type { Given } from '../input/given-values.ts';
import { createReadingReport } from '../input/reading-report.ts';
import type { CountingReport } from '../input/reading-report.ts';
import { planInputs, printLookupKeys } from '../input/plan-inputs.ts';
import type { GivenSource, Inputs } from '../input/read-inputs.ts';
import { openInputs } from '../input/read-inputs.ts';
import { checkJoin } from './check-join.ts';
import { openFormat } from '../output/formats.ts';
import type { Output } from '../output/output.ts';
import { noteFormatOfFile, openOutput } from '../output/output.ts';
import { createReport } from '../output/report.ts';
import { canShowProgress, noProgress, openProgress } from '../progress.ts';
import type { Progress } from '../progress.ts';
import type { Session } from '../session.ts';
import { CLOSED_PIPE_STATUS } from '../session.ts';
import type { Talk } from '../talk.ts';

/** `cct observe` and `cct deliberate`: read, plan, look up, print. Resolves to the exit status. */
export async function runEnrich(session: Session, mode: Mode, given: readonly Given[]): Promise<number> {
  const { config, io, talk, signal } = session;
  const startedMs = io.monotonicMs();
  const source = resolveSource(session);
  const sources = await openGiven(session, given);
  const hasGiven = sources.some((each) => 'values' in each);
  checkJoin(session, { hasGiven });
  noteFormatOfFile(session);
  const rules = await openRules(session, source);
  const warninglists = await openMarks(session);
  const reading = createReadingReport(talk);
  const { inputFormat: format, columns = [], fields = [], encoding } = config;
  const inputs = await openInputs({
    ...{ format, columns, fields, encoding, given: sources, signal },
    stdin: io.stdin,
    report: reading,
    countsStreams: config.seen,
    keepsRecords: config.join,
    ...(config.join ? { maxCheckedBytes: 0 } : {}),
  });
  try {
    if (config.dryRun) {
      const status = await printLookupKeys(session, inputs, { rules, source });
      return toInputStatus(talk, inputs) ?? status;
    }
    return await lookUpAndPrint(session, {
      mode,
      source,
      rules,
      warninglists,
      inputs,
      reading,
      hasGiven,
      startedMs,
    });
  } finally {
    inputs.close();
  }
}

async function openGiven({ talk }: Session, given: readonly Given[]): Promise<GivenSource[]> {
  if (given.length === 0) return [];
  const { resolveGiven } = await import('../input/given-values.ts');
  return resolveGiven(given, (text) => talk.note(text));
}

/** The warninglists of the settings; undefined for none. Rejects with `input`. */
async function openMarks({ config, talk, signal }: Session): Promise<Warninglists | undefined> {
  if (config.warninglists === undefined) return undefined;
  const { openWarninglists } = await import('../../wiring/open-warninglists.ts');
  return openWarninglists(config.warninglists, (text) => talk.note(text), signal);
}

/** The exit status where files of directories could not be read, which is said with -q too. */
function toInputStatus(talk: Talk, inputs: Inputs): number | undefined {
  const unread = inputs.unread();
  if (unread === 0) return undefined;
  talk.problem(`${toAmount(unread, 'file')} could not be read`);
  return exitStatusByCode.input;
}

interface Job {
  readonly mode: Mode;
  readonly source: ChosenSource;
  readonly rules: PlanRules;
  readonly warninglists: Warninglists | undefined;
  readonly inputs: Inputs;
  readonly reading: CountingReport;
  /** Whether values were given as arguments or flags. */
  readonly hasGiven: boolean;
  readonly startedMs: number;
}

async function lookUpAndPrint(session: Session, job: Job): Promise<number> {
  const { config, io, talk } = session;
  const isComparing = config.newSince !== undefined || config.state !== undefined;
  const changes = isComparing ? await (await import('../changes.ts')).openChanges(session) : undefined;
  let output: Output | undefined;
  let tracker: Tracker | undefined;
  try {
    output = await openOutput(session);
    tracker = await openBatchTracker(session, talk, { source: job.source, isStream: job.inputs.total === undefined });
    const report = createReport(talk);
    const { inputs, rules, source, warninglists } = job;
    const result = config.join
      ? await (await import('./join.ts')).joinRecords(session, { inputs, rules, source, warninglists, tracker, output, report })
      : await printOutcomes(session, job, { tracker, output, report, changes });
    if (result === null) return CLOSED_PIPE_STATUS;
    job.reading.end();
    report.write(result.tally, {
      hasGiven: job.hasGiven,
      source: job.source,
      passedOver: job.reading.passedOver(),
      tookMs: io.monotonicMs() - job.startedMs,
      now: io.now(),
      changed: changes?.counts,
    });
    const hint = result.tally.failed > 0 ? await findSnapshotHint(session, job.source, result.tally) : undefined;
    if (hint !== undefined) talk.note(hint);
    if (result.broken) throw result.broken;
    return toInputStatus(talk, job.inputs) ?? toExitStatus(result.tally, config, changes?.printed);
  } finally {
    await tracker?.close();
    await output?.discard();
    await changes?.discard();
  }
}

interface Parts {
  readonly tracker: Tracker;
  readonly output: Output;
  readonly report: ReturnType<typeof createReport>;
  /** Undefined without `--new-since` and `--state`. */
  readonly changes: Changes | undefined;
}

interface Result {
  readonly tally: Tally;
  /** The error that ended a stream; the outcomes before it are printed. */
  readonly broken: CctError | undefined;
}

/** Resolves to null when the reader of the output has gone. A file that is not whole is not written. */
async function printOutcomes(session: Session, job: Job, { tracker, output, report, changes }: Parts): Promise<Result | null> {
  const { config, io, signal, talk, colour } = session;
  const { apiUrl, only } = config;
  const isColoured = colour.stdout && config.output === undefined;
  const layout = { mode: job.mode, isDefanged: config.defang, isColoured, hasChanges: changes !== undefined };
  const format = await openFormat(config.format, layout);
  const tally = createTally();
  const progress = await startProgress(session, job.inputs.total);
  const call = startCall({ signals: [signal], deadlineMs: config.deadlineMs, monotonicMs: () => io.monotonicMs() });
  const enquiry = { tracker, context: call };
  const known = enrich(planInputs(session, job.inputs, job), enquiry);
  const found = progress === noProgress ? known : showProgress(known, progress);
  const isStreaming = format.isStreaming && output.isStreaming;
  const toTime = createTimeWriter();
  let broken: CctError | undefined;
  try {
    const confirmed = isStreaming ? found : holdUntilConfirmed(found, enquiry);
    for await (const outcomes of config.seen ? holdAll(confirmed) : confirmed) {
      let text = '';
      for (const outcome of outcomes) {
        const warnings = job.warninglists?.find(outcome.observable) ?? [];
        count(tally, outcome, warnings.length > 0);
        const isWanted = only === undefined || only.includes(outcome.status);
        if (!isWanted && !changes && 'answer' in outcome) continue;
        const row = toLedgerRow(outcome, { mode: job.mode, apiUrl, toTime, warnings });
        const printed = changes ? changes.take(row) : row;
        if (!(isWanted && printed) && 'answer' in outcome) continue;
        report.add(outcome, row);
        if (!isWanted || !printed) continue;
        changes?.count(outcome, warnings.length > 0);
        text += format.add(printed);
      }
      if (!(await output.write(text))) return null;
    }
  } catch (thrown) {
    if (!(thrown instanceof CctError) || totalOf(tally) === 0) throw thrown;
    // The exit status shows the signal, and what was read is whole.
    if (thrown.code === 'interrupted') talk.note('interrupted: the rest of the input was not read');
    else broken = thrown;
  } finally {
    progress.stop();
    call.stop();
  }
  for (const text of format.end()) if (!(await output.write(text))) return null;
  if (broken) return { tally, broken };
  await output.commit();
  if (changes && !(await output.flush())) return null;
  await changes?.save();
  return { tally, broken };
}

/** All outcomes, when how often each was seen is known; also where the input breaks, or the run is interrupted. */
async function* holdAll(batches: AsyncIterable<readonly Outcome[]>): AsyncGenerator<readonly Outcome[]> {
  const held: Outcome[] = [];
  try {
    for await (const outcomes of batches) for (const outcome of outcomes) held.push(outcome);
  } catch (thrown) {
    yield held;
    throw thrown;
  }
  yield held;
}

async function* showProgress(batches: AsyncIterable<readonly Outcome[]>, progress: Progress): AsyncGenerator<readonly Outcome[]> {
  const seen = createTally();
  for await (const outcomes of batches) {
    for (const outcome of outcomes) count(seen, outcome);
    progress.update(seen);
    yield outcomes;
  }
}

/** How a list that was not used could answer failed lookups; undefined when none could. */
async function findSnapshotHint(session: Session, source: ChosenSource, { failedBy }: Tally): Promise<string | undefined> {
  if (source === 'snapshot' || [...failedBy].every((code) => code === 'interrupted')) return undefined;
  const isInstalled = (await stat(installedPath(session.io)).catch(() => undefined)) !== undefined;
  if (isInstalled) return source === 'live' ? 'use --offline to query the installed list' : undefined;
  return 'no list installed: cct snapshot import FILE, or cct snapshot update when the tracker is reachable; then use --offline';
}

function startProgress({ io, config, colour }: Session, total: number | undefined): Promise<Progress> {
  // A moving line would tear rows or notes on the same terminal.
  const isInTheWay = io.stdout.isTTY === true && config.output === undefined && ['ndjson', 'csv'].includes(config.format);
  if (config.quiet || config.verbose || config.debug || isInTheWay || !canShowProgress(io)) return Promise.resolve(noProgress);
  return openProgress({ io, total, isColoured: colour.stderr });
}
