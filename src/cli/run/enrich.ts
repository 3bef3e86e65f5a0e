import { toAmount } from '../../core/amount.ts';
import { startCall } from '../../core/lookups/call.ts';
import { holdUntilConfirmed } from '../../core/lookups/confirm.ts';
import { enrich } from '../../core/lookups/enrich.ts';
import type { CctError } from '../../core/errors.ts';
import { exitStatusByCode } from '../../core/errors.ts';
import type { Mode, Tally } from '../../core/ledger/ledger.ts';
import { count, createTally, createTimeWriter, toExitStatus, toLedgerRow } from '../../core/ledger/ledger.ts';
import type { Outcome } from '../../core/lookups/outcome.ts';
import type { PlanRules } from '../../core/lookups/plan.ts';
import type { Tracker } from '../../core/lookups/tracker.ts';
import type { Warninglists } from '../../core/observables/warninglists.ts';
import { isInstalled } from '../../wiring/lists/open-snapshot.ts';
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
import { toBroken } from './broken-input.ts';
import { checkFormat } from './check-format.ts';
import { checkJoin } from './check-join.ts';
import type { Printed } from './join.ts';
import { checkFiles } from '../output/check-files.ts';
import type { Destination, RowWriter } from '../output/destinations.ts';
import { openDestinations, openRowWriter } from '../output/destinations.ts';
import { toLayout } from '../output/layout.ts';
import { noteFormatOfFile } from '../output/output.ts';
import { createReport } from '../output/report.ts';
import { orderOutcomes } from '../output/row-order.ts';
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
  checkFormat(session, mode);
  await checkFiles(session, sources);
  noteFormatOfFile(session);
  const rules = await openRules(session, source);
  const warninglists = await openGivenWarninglists(session);
  const reading = createReadingReport(talk);
  const { inputFormat: format, columns = [], fields = [], encoding } = config;
  const inputs = await openInputs({
    ...{ format, columns, fields, encoding, given: sources, signal },
    openStdin: () => io.stdin,
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

/** Opens the warninglists of the settings, if any. Rejects with `input`. */
async function openGivenWarninglists({ config, talk, signal }: Session): Promise<Warninglists | undefined> {
  if (config.warninglists === undefined) return undefined;
  const { openWarninglists } = await import('../../wiring/open-warninglists.ts');
  return openWarninglists(config.warninglists, (text) => talk.note(text), signal);
}

/** The exit status if files in directories could not be read, which is reported even with -q. */
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
  let destinations: readonly Destination[] = [];
  let tracker: Tracker | undefined;
  try {
    const [first, ...others] = await openDestinations(session);
    destinations = [first, ...others];
    const { isStream } = job.inputs;
    tracker = await openBatchTracker(session, talk, { source: job.source, isStream });
    const report = createReport(talk);
    const result = config.join
      ? await (await import('./join.ts')).joinRecords(session, { ...job, tracker, report, output: first.output })
      : await printOutcomes(session, job, { tracker, destinations, report, changes });
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
    for (const { output } of destinations) await output.discard();
    await changes?.discard();
  }
}

interface Parts {
  readonly tracker: Tracker;
  readonly destinations: readonly Destination[];
  readonly report: ReturnType<typeof createReport>;
  /** Undefined without `--new-since` and `--state`. */
  readonly changes: Changes | undefined;
}

/** Resolves to null if the output pipe is closed. Does not write an incomplete file. */
async function printOutcomes(session: Session, job: Job, parts: Parts): Promise<Printed | null> {
  const { config, io, signal, talk } = session;
  const { tracker, destinations, report, changes } = parts;
  const { apiUrl, only } = config;
  const tally = createTally();
  const toListDate = () => tracker.listDate?.();
  const layout = await toLayout(session, { mode: job.mode, destinations, hasChanges: changes !== undefined, tally, toListDate });
  const writer = await openRowWriter(destinations, { ...layout, only });
  const progress = await startProgress(session, job.inputs, writer);
  const call = startCall({ signals: [signal], deadlineMs: config.deadlineMs, monotonicMs: () => io.monotonicMs() });
  const enquiry = { tracker, context: call };
  const known = enrich(planInputs(session, job.inputs, job), enquiry);
  const found = progress === noProgress ? known : showProgress(known, progress);
  const { findSeen } = job.inputs;
  const toTime = createTimeWriter();
  let broken: CctError | undefined;
  try {
    const confirmed = writer.isStreaming ? found : holdUntilConfirmed(found, enquiry);
    for await (const outcomes of orderOutcomes(confirmed, config)) {
      for (const outcome of outcomes) {
        const warnings = job.warninglists?.find(outcome.observable) ?? [];
        const isMarked = warnings.length > 0;
        count(tally, outcome, isMarked);
        const isWanted = only === undefined || only.includes(outcome.status);
        const isUnanswered = !('answer' in outcome);
        // A comparison requires every row.
        if (!isWanted && !isUnanswered && !changes) continue;
        const row = toLedgerRow(outcome, { mode: job.mode, apiUrl, toTime, warnings, findSeen });
        const compared = changes ? changes.take(row) : row;
        const printed = isWanted ? compared : undefined;
        if (printed || isUnanswered) report.add(outcome, row);
        if (printed) {
          changes?.count(outcome, isMarked);
          writer.add(printed);
        }
      }
      if (!(await writer.write())) return null;
    }
  } catch (thrown) {
    broken = toBroken(thrown, { tally, talk });
  } finally {
    progress.stop();
    call.stop();
  }
  if (!(await writer.end())) return null;
  if (broken) return { tally, broken };
  await writer.commit();
  if (changes && !(await writer.flush())) return null;
  await changes?.save();
  return { tally, broken };
}

async function* showProgress(batches: AsyncIterable<readonly Outcome[]>, progress: Progress): AsyncGenerator<readonly Outcome[]> {
  const seen = createTally();
  for await (const outcomes of batches) {
    for (const outcome of outcomes) count(seen, outcome);
    progress.update(seen);
    yield outcomes;
  }
}

/** Suggests a list that could answer failed lookups; undefined if there is none. */
async function findSnapshotHint(session: Session, source: ChosenSource, { failedBy }: Tally): Promise<string | undefined> {
  if (source === 'snapshot' || [...failedBy].every((code) => code === 'interrupted')) return undefined;
  if (await isInstalled(session.io)) return source === 'live' ? 'use --offline to query the installed list' : undefined;
  return 'no list installed: cct snapshot import FILE, or cct snapshot update when the tracker is reachable; then use --offline';
}

function startProgress(session: Session, inputs: Inputs, { isStreaming }: Pick<RowWriter, 'isStreaming'>): Promise<Progress> {
  const { io, config, colour } = session;
  // A progress line would break rows or notes on the same terminal.
  const isInTheWay = io.stdout.isTTY === true && config.output === undefined && isStreaming;
  if (isInTheWay || !canShowProgress(session)) return Promise.resolve(noProgress);
  return openProgress({ io, total: inputs.countDistinct(), read: inputs.progress, isColoured: colour.stderr });
}
