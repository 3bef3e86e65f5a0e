import { startCall } from '../../core/lookups/call.ts';
import { enrich } from '../../core/lookups/enrich.ts';
import type { CctError } from '../../core/errors.ts';
import type { Tally } from '../../core/ledger/ledger.ts';
import { count, createTally, toLedgerRow } from '../../core/ledger/ledger.ts';
import type { Finding } from '../../core/observables/observable.ts';
import { toCanonical } from '../../core/observables/observable.ts';
import type { Outcome } from '../../core/lookups/outcome.ts';
import type { Tracker } from '../../core/lookups/tracker.ts';
import type { Warninglists } from '../../core/observables/warninglists.ts';
import { planRecords } from '../input/plan-records.ts';
import type { PlanningOptions } from '../input/plan-inputs.ts';
import type { Inputs } from '../input/read-inputs.ts';
import type { InputRecord } from '../input/record-queue.ts';
import type { Joined } from '../output/join-format.ts';
import { createJoinFormat } from '../output/join-format.ts';
import { isStdout } from '../output/output.ts';
import type { Output } from '../output/output.ts';
import type { Report } from '../output/report.ts';
import type { Session } from '../session.ts';
import { toBroken } from './broken-input.ts';

export interface JoinParts extends PlanningOptions {
  readonly inputs: Inputs;
  readonly warninglists: Warninglists | undefined;
  readonly tracker: Tracker;
  readonly output: Output;
  readonly report: Report;
}

/** The result of a run. */
export interface Printed {
  readonly tally: Tally;
  /** The error that ended the input; everything before it is printed. */
  readonly broken: CctError | undefined;
}

/**
 * `--join`: prints each record that names something listed, in input order, as soon as all of its observables are looked up. Resolves to
 * null if the output pipe is closed.
 */
export async function joinRecords(session: Session, parts: JoinParts): Promise<Printed | null> {
  const { config, io, signal, talk } = session;
  const { inputs, tracker, output } = parts;
  const format = createJoinFormat({
    as: config.joinAs,
    apiUrl: config.apiUrl,
    isTerminal: io.stdout.isTTY === true && isStdout(config),
    onReplaced: noteOnce(() => talk.note('a record already has a member "cct", which is replaced')),
  });
  const fates = new Fates(session, parts);
  const call = startCall({ signals: [signal], deadlineMs: config.deadlineMs, monotonicMs: () => io.monotonicMs() });
  let broken: CctError | undefined;
  try {
    for await (const { plans, records } of planRecords(session, inputs, parts)) {
      for await (const outcomes of enrich([plans], { tracker, context: call })) fates.add(outcomes);
      const text = records.map((record) => write(record, fates, { format, keepsAll: config.keepAll })).join('');
      if (!(await output.write(text))) return null;
    }
  } catch (thrown) {
    broken = toBroken(thrown, { tally: fates.tally, talk });
  } finally {
    call.stop();
  }
  if (!broken) await output.commit();
  return { tally: fates.tally, broken };
}

function noteOnce(note: () => void): () => void {
  let isNoted = false;
  return () => {
    if (!isNoted) note();
    isNoted = true;
  };
}

interface Writing {
  readonly format: ReturnType<typeof createJoinFormat>;
  readonly keepsAll: boolean;
}

/** The text of a record; '' if it is not printed. */
function write(record: InputRecord, fates: Fates, { format, keepsAll }: Writing): string {
  const joined = fates.find(record.findings);
  if (joined === null) return '';
  if (joined.length > 0) return format.joined(record, joined);
  return keepsAll ? format.unchanged(record) : '';
}

/** The results so far: observables that are listed or related, and those that failed. */
class Fates {
  readonly tally = createTally();
  private readonly session: Session;
  private readonly parts: JoinParts;
  private readonly hits = new Map<string, Joined>();
  private readonly failed = new Set<string>();

  constructor(session: Session, parts: JoinParts) {
    this.session = session;
    this.parts = parts;
  }

  add(outcomes: readonly Outcome[]): void {
    const { apiUrl, match } = this.session.config;
    for (const outcome of outcomes) {
      const warnings = this.parts.warninglists?.find(outcome.observable) ?? [];
      count(this.tally, outcome, warnings.length > 0);
      const isRelated = match === 'host' && outcome.status === 'unlisted' && 'related' in outcome.answer;
      if (outcome.status === 'unlisted' && !isRelated) continue;
      const row = toLedgerRow(outcome, { mode: 'deliberate', apiUrl, warnings });
      this.parts.report.add(outcome, row);
      if (outcome.status === 'failed') this.failed.add(toKey(outcome.observable));
      else if (outcome.status !== 'skipped') this.hits.set(toKey(outcome.observable), row);
    }
  }

  /** The distinct hits among findings; null if any failed. */
  find(findings: readonly Finding[]): readonly Joined[] | null {
    if (findings.length === 0 || this.hits.size + this.failed.size === 0) return [];
    const keys = new Set(findings.map((finding) => toKey(toCanonical(finding))));
    const joined: Joined[] = [];
    for (const key of keys) {
      if (this.failed.has(key)) return null;
      const hit = this.hits.get(key);
      if (hit) joined.push(hit);
    }
    return joined;
  }
}

function toKey({ type, value }: Finding): string {
  return `${type} ${value}`;
}
